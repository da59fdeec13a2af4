/**
 * What a contract in C needs of the ABI `room-wasm v1` (docs/room-wasm-v1.md): its windows, a reader and a writer of
 * MessagePack, and the room's randomness. No library, no allocation.
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(name)))

/** Ends the call, and with it the room as it was: for what cannot happen. */
#define must(condition) \
  do { \
    if (!(condition)) __builtin_trap(); \
  } while (0)

static u8 input[64 * 1024] __attribute__((aligned(8)));
static u8 output[1024 * 1024] __attribute__((aligned(8)));

/** Section 3. */
static const struct {
  u32 abi;
  u8 *input;
  u32 input_length;
  u8 *output;
  u32 output_length;
  u8 *tables;
  u32 tables_length;
  u32 zero;
} windows = {1, input, sizeof input, output, sizeof output, 0, 0, 0};

EXPORT("room_windows") const void *room_windows(void) { return &windows; }

// Reading

/** The address of an encoded value. The host has written it, canonically: section 5. */
typedef const u8 *value;

static u32 big_endian(value at, u32 width) {
  u32 number = 0;
  for (u32 i = 0; i < width; i++) number = number << 8 | at[i];
  return number;
}

/** The address behind a value. */
static value skip(value at) {
  for (u32 left = 1; left > 0; left--) {
    u8 head = *at++;
    if (head < 0x80 || head >= 0xe0) continue;
    else if (head < 0x90) left += 2 * (head & 0x0f);
    else if (head < 0xa0) left += head & 0x0f;
    else if (head < 0xc0) at += head & 0x1f;
    else if (head <= 0xc3) continue;
    else if (head <= 0xc6) at += (1 << (head - 0xc4)) + big_endian(at, 1 << (head - 0xc4));
    else if (head == 0xca) at += 4;
    else if (head == 0xcb) at += 8;
    else if (head >= 0xcc && head <= 0xcf) at += 1 << (head - 0xcc);
    else if (head >= 0xd0 && head <= 0xd3) at += 1 << (head - 0xd0);
    else if (head >= 0xd9 && head <= 0xdb) at += (1 << (head - 0xd9)) + big_endian(at, 1 << (head - 0xd9));
    else if (head == 0xdc || head == 0xdd) left += big_endian(at, 2 * (head - 0xdb)), at += 2 * (head - 0xdb);
    else if (head == 0xde || head == 0xdf) left += 2 * big_endian(at, 2 * (head - 0xdd)), at += 2 * (head - 0xdd);
    else must(0);
  }
  return at;
}

static int is_map(value at) { return (*at & 0xf0) == 0x80 || *at == 0xde || *at == 0xdf; }
static int is_array(value at) { return (*at & 0xf0) == 0x90 || *at == 0xdc || *at == 0xdd; }
static int is_text(value at) { return (*at & 0xe0) == 0xa0 || (*at >= 0xd9 && *at <= 0xdb); }

/** How many items an array has, or members a map. */
static u32 count(value at) {
  if (*at < 0xa0) return *at & 0x0f;
  return big_endian(at + 1, *at == 0xdc || *at == 0xde ? 2 : 4);
}

/** The address of the first item. */
static value items(value at) { return at + (*at < 0xa0 ? 1 : *at == 0xdc || *at == 0xde ? 3 : 5); }

/** Bytes of a text or of a byte string. */
static u32 length(value at) {
  if ((*at & 0xe0) == 0xa0) return *at & 0x1f;
  return big_endian(at + 1, 1 << (*at - (*at < 0xd9 ? 0xc4 : 0xd9)));
}

/** The first of them. */
static const u8 *bytes(value at) {
  if ((*at & 0xe0) == 0xa0) return at + 1;
  return at + 1 + (1 << (*at - (*at < 0xd9 ? 0xc4 : 0xd9)));
}

static int equal(const u8 *a, const u8 *b, u32 length) {
  for (u32 i = 0; i < length; i++) if (a[i] != b[i]) return 0;
  return 1;
}

static u32 length_of(const char *text) {
  u32 length = 0;
  while (text[length] != 0) length++;
  return length;
}

static int says(value at, const char *text) {
  return is_text(at) && length(at) == length_of(text) && equal(bytes(at), (const u8 *)text, length(at));
}

/** A member of a map; 0 if there is none. */
static value member(value map, const char *name) {
  value at = items(map);
  for (u32 left = count(map); left > 0; left--) {
    value found = skip(at);
    if (says(at, name)) return found;
    at = skip(found);
  }
  return 0;
}

static u32 number(value at) {
  if (*at < 0x80) return *at;
  must(*at >= 0xcc && *at <= 0xce);
  return big_endian(at + 1, 1 << (*at - 0xcc));
}

// Writing

static u32 written;

static void put(u8 byte) {
  must(written < sizeof output);
  output[written++] = byte;
}

static void put_bytes(const void *from, u32 length) {
  must(length <= sizeof output - written);
  __builtin_memcpy(output + written, from, length);
  written += length;
}

static void put_head(u8 type, u32 number, u32 width) {
  put(type);
  while (width-- > 0) put(number >> 8 * width);
}

static void put_map(u32 members) {
  must(members < 16);
  put(0x80 | members);
}

static void put_array(u32 length) {
  if (length < 0x10) put(0x90 | length);
  else if (length < 0x10000) put_head(0xdc, length, 2);
  else put_head(0xdd, length, 4);
}

static void put_number(u32 number) {
  if (number < 0x80) put(number);
  else if (number < 0x100) put_head(0xcc, number, 1);
  else if (number < 0x10000) put_head(0xcd, number, 2);
  else put_head(0xce, number, 4);
}

static void put_text_of(const void *text, u32 length) {
  if (length < 0x20) put(0xa0 | length);
  else if (length < 0x100) put_head(0xd9, length, 1);
  else put_head(0xda, length, 2);
  put_bytes(text, length);
}

static void put_text(const char *text) { put_text_of(text, length_of(text)); }

static void put_null(void) { put(0xc0); }

/** A value as it came. */
static void put_value(value at) { put_bytes(at, skip(at) - at); }

// Randomness: section 7

static struct {
  u32 key[8];
  u32 block[16];
  u32 position;
} keystream;

static void set_key(const u8 *key) {
  __builtin_memcpy(keystream.key, key, 32);
  keystream.position = 0;
}

static u32 rotate(u32 word, u32 by) { return word << by | word >> (32 - by); }

static void quarter_round(u32 *x, u32 a, u32 b, u32 c, u32 d) {
  x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16);
  x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12);
  x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);
  x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);
}

/** RFC 8439 section 2.3, with nonce zero. */
static void next_block(u32 counter) {
  u32 start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  __builtin_memcpy(start + 4, keystream.key, 32);
  start[12] = counter;
  u32 *x = keystream.block;
  __builtin_memcpy(x, start, sizeof start);
  for (u32 round = 0; round < 10; round++) {
    for (u32 i = 0; i < 4; i++) quarter_round(x, i, 4 + i, 8 + i, 12 + i);
    for (u32 i = 0; i < 4; i++) quarter_round(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
  }
  for (u32 i = 0; i < 16; i++) x[i] += start[i];
}

static u8 draw_byte(void) {
  u32 at = keystream.position++;
  if (at % 64 == 0) next_block(at / 64);
  return keystream.block[at % 64 / 4] >> 8 * (at % 4);
}

static u32 draw_word(void) {
  u32 word = 0;
  for (u32 i = 0; i < 4; i++) word |= (u32)draw_byte() << 8 * i;
  return word;
}

/** A whole number from 0 to `below - 1`, without bias. */
static u32 draw_below(u32 below) {
  u64 end = 0x100000000 - 0x100000000 % below;
  for (;;) {
    u32 word = draw_word();
    if (word < end) return word % below;
  }
}
