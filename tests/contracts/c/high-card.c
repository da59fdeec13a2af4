/**
 * The rules of ../fixtures/high-card.ts in C: two players, one hidden card each, one guess. The same manifest, and the same
 * answers to the same calls, also where a move is refused because it is none.
 */
#include "room-wasm.h"

#define SEATS 2
#define ID_LENGTH 32
/** Players who were ever seated in one room. */
#define KNOWN_MAX 64
#define HZ 50

static struct {
  int open;
  int long_deck;
  /** By seat; 0: empty. Numbers of `known`, from 1. */
  u32 seated[SEATS];
  /** In the order in which they got their first card. */
  struct {
    u8 id[ID_LENGTH];
    u32 card;
  } known[KNOWN_MAX];
  u32 known_count;
  /** Numbers of `known`, in the order in which they guessed. */
  u32 guessed[KNOWN_MAX];
  u32 guessed_count;
  /** Lines, one encoded text after the other, from `log` on. */
  u32 log_lines;
  u32 log_length;
} room;

/** Where the memory that nothing else uses begins; it grows. */
extern u8 __heap_base;
static u8 *const log = &__heap_base;

// The log

static void log_bytes(const void *from, u32 length) {
  u32 end = (u32)log + room.log_length + length;
  u32 have = __builtin_wasm_memory_size(0) * 65536;
  if (end > have) must(__builtin_wasm_memory_grow(0, (end - have + 65535) / 65536) != (u32)-1);
  __builtin_memcpy(log + room.log_length, from, length);
  room.log_length += length;
}

/** A line of several parts, each at most a name long. */
static void log_line(u32 parts, const u8 *const *texts, const u32 *lengths) {
  u32 length = 0;
  for (u32 i = 0; i < parts; i++) length += lengths[i];
  u8 long_head[] = {0xd9, length};
  u8 short_head = 0xa0 | length;
  must(length < 0x100);
  if (length < 0x20) log_bytes(&short_head, 1);
  else log_bytes(long_head, 2);
  for (u32 i = 0; i < parts; i++) log_bytes(texts[i], lengths[i]);
  room.log_lines++;
}

static void log_seat(u32 seat, const char *happened, const char *more) {
  u8 digit = '0' + seat;
  const u8 *texts[] = {(const u8 *)"seat ", &digit, (const u8 *)happened, (const u8 *)more};
  u32 lengths[] = {5, 1, length_of(happened), length_of(more)};
  log_line(4, texts, lengths);
}

static void log_after(const char *word, value text) {
  const u8 *texts[] = {(const u8 *)word, bytes(text)};
  u32 lengths[] = {length_of(word), length(text)};
  log_line(2, texts, lengths);
}

// Players

static const u8 *id_of(value player) {
  value id = member(player, "id");
  must(is_text(id) && length(id) == ID_LENGTH);
  return bytes(id);
}

static u32 seat_of(value player) {
  u32 seat = number(member(player, "seat"));
  must(seat < SEATS);
  return seat;
}

/** From 1; 0 for somebody who never had a card. */
static u32 known(const u8 *id) {
  for (u32 i = 0; i < room.known_count; i++) if (equal(room.known[i].id, id, ID_LENGTH)) return i + 1;
  return 0;
}

static u32 seats_taken(void) { return (room.seated[0] != 0) + (room.seated[1] != 0); }

static int has_guessed(u32 player) {
  for (u32 i = 0; i < room.guessed_count; i++) if (room.guessed[i] == player) return 1;
  return 0;
}

static void stand_up(u32 player) {
  for (u32 seat = 0; seat < SEATS; seat++) if (room.seated[seat] == player) room.seated[seat] = 0;
}

// Answers

static void put_done(const char *reason, u32 effects) {
  put_map(3);
  put_text("answer"), put_text("done");
  put_text("reason");
  if (reason == 0) put_null();
  else put_text(reason);
  put_text("effects"), put_array(effects);
}

/** A refusal in parts, cut as the SDK cuts it: to 200 UTF-16 units, the last of them an ellipsis. */
static u8 reason[1024];
static u32 reason_length;

static void say_bytes(const u8 *text, u32 length) {
  for (u32 i = 0; i < length && reason_length < sizeof reason; i++) reason[reason_length++] = text[i];
}

static void say(const char *text) { say_bytes((const u8 *)text, length_of(text)); }

static u32 utf16_units(const u8 *text, u32 length) {
  u32 units = 0;
  for (u32 i = 0; i < length; i++) units += (text[i] & 0xc0) != 0x80 ? 1 + (text[i] >= 0xf0) : 0;
  return units;
}

static void put_refused(void) {
  if (utf16_units(reason, reason_length) > 200) {
    u32 units = 0, end = 0;
    while (end < reason_length) {
      u32 width = reason[end] < 0x80 ? 1 : reason[end] < 0xe0 ? 2 : reason[end] < 0xf0 ? 3 : 4;
      units += 1 + (width == 4);
      if (units > 199) break;
      end += width;
    }
    reason_length = end;
    say("\xe2\x80\xa6");
  }
  put_map(3);
  put_text("answer"), put_text("done");
  put_text("reason"), put_text_of(reason, reason_length);
  put_text("effects"), put_array(0);
}

// Moves that are none: in the words of the schema of the TypeScript contract

static void say_number(u32 number) {
  if (number >= 10) say_number(number / 10);
  u8 digit = '0' + number % 10;
  say_bytes(&digit, 1);
}

static void say_received(value at) {
  say(" but received ");
  if (at == 0) say("undefined");
  else if (is_text(at)) say("\""), say_bytes(bytes(at), length(at)), say("\"");
  else if (is_map(at)) say("Object");
  else if (is_array(at)) say("Array");
  else if (*at == 0xc0) say("null");
  else if (*at == 0xc2) say("false");
  else if (*at == 0xc3) say("true");
  else if (*at >= 0xc4 && *at <= 0xc6) say("Uint8Array");
  else say_number(number(at));
}

static void put_misfit(const char *expected, value received) {
  reason_length = 0;
  say(expected);
  say_received(received);
  put_refused();
}

// Calls

static void on_open(value call) {
  value deck = member(member(call, "options"), "deck");
  room.open = 1;
  room.long_deck = says(deck, "long");
  log_after("deck ", deck);
  put_done(0, 1);
  put_map(4);
  put_text("effect"), put_text("schedule");
  put_text("name"), put_text("hurry");
  put_text("tick"), put_number(number(member(call, "tick")) + 30 * HZ);
  put_text("payload"), put_map(1), put_text("warned"), put_number(0);
}

static void on_join(value call) {
  value player = member(call, "player");
  const u8 *id = id_of(player);
  u32 seat = seat_of(player);
  set_key(bytes(member(call, "key")));
  u32 who = known(id);
  if (who == 0) {
    must(room.known_count < KNOWN_MAX);
    who = ++room.known_count;
    __builtin_memcpy(room.known[who - 1].id, id, ID_LENGTH);
  }
  room.known[who - 1].card = draw_below(room.long_deck ? 52 : 32);
  stand_up(who);
  room.seated[seat] = who;
  log_seat(seat, seats_taken() == 1 ? " of 1" : " of 2", "");
  put_done(0, 0);
}

static void on_leave(value call) {
  value player = member(call, "player");
  stand_up(known(id_of(player)));
  log_seat(seat_of(player), " left", "");
  put_done(0, 0);
}

static void on_absence(value call, const char *happened) {
  log_seat(seat_of(member(call, "player")), happened, "");
  put_done(0, 0);
}

/** Both have guessed: the higher card wins, of equal ones the lower seat. */
static void put_end(void) {
  u32 winner = SEATS;
  for (u32 seat = 0; seat < SEATS; seat++) {
    if (room.seated[seat] == 0) continue;
    if (winner == SEATS || room.known[room.seated[seat] - 1].card > room.known[room.seated[winner] - 1].card) winner = seat;
  }
  must(winner < SEATS);
  put_done(0, 3);
  put_map(2), put_text("effect"), put_text("cancel"), put_text("name"), put_text("hurry");
  put_map(4), put_text("effect"), put_text("award");
  put_text("player"), put_text_of(room.known[room.seated[winner] - 1].id, ID_LENGTH);
  put_text("item"), put_map(1), put_text("name"), put_text("High Card");
  put_text("once"), put_text("winner");
  put_map(2), put_text("effect"), put_text("end");
  put_text("result"), put_map(1), put_text("winner"), put_number(winner);
}

static void guess(value player, value move) {
  value guess = member(move, "guess");
  if (guess == 0) return put_misfit("guess: Invalid key: Expected \"guess\"", guess);
  if (!says(guess, "higher") && !says(guess, "lower")) {
    return put_misfit("guess: Invalid type: Expected (\"higher\" | \"lower\")", guess);
  }
  u32 who = known(id_of(player));
  must(who != 0);
  if (has_guessed(who)) return put_done("you have guessed already", 0);
  room.guessed[room.guessed_count++] = who;
  if (room.guessed_count == 2) put_end();
  else put_done(0, 0);
}

static void shout(value player, value move) {
  value text = member(move, "text");
  if (text == 0) return put_misfit("text: Invalid key: Expected \"text\"", text);
  if (!is_text(text)) return put_misfit("text: Invalid type: Expected string", text);
  u32 units = utf16_units(bytes(text), length(text));
  if (units > 20) {
    reason_length = 0;
    say("text: Invalid length: Expected <=20 but received ");
    say_number(units);
    return put_refused();
  }
  put_done(0, 1);
  put_map(3), put_text("effect"), put_text("send"), put_text("to"), put_text("everyone");
  put_text("message"), put_map(2), put_text("from"), put_number(seat_of(player)), put_text("text"), put_value(text);
}

static void on_move(value call) {
  value player = member(call, "player");
  value move = member(call, "move");
  // To the schema an array and a byte string are objects without members.
  int is_object = is_map(move) || is_array(move) || (*move >= 0xc4 && *move <= 0xc6);
  if (!is_object) return put_misfit("Invalid type: Expected Object", move);
  value kind = is_map(move) ? member(move, "kind") : 0;
  if (kind != 0 && says(kind, "guess")) return guess(player, move);
  if (kind != 0 && says(kind, "shout")) return shout(player, move);
  put_misfit("kind: Invalid type: Expected (\"guess\" | \"shout\")", kind);
}

static void on_timer(value call) {
  log_after("timer ", member(call, "name"));
  put_done(0, 1);
  put_map(3), put_text("effect"), put_text("send"), put_text("to"), put_text("players");
  put_text("message"), put_map(1), put_text("hurry"), put_value(member(call, "payload"));
}

static void on_abandon(value call) {
  value absent = member(call, "absent");
  put_map(4);
  put_text("answer"), put_text("done");
  put_text("reason"), put_null();
  put_text("effects"), put_array(0);
  put_text("result"), put_map(1), put_text("absent"), put_array(count(absent));
  value player = items(absent);
  for (u32 left = count(absent); left > 0; left--, player = skip(player)) put_value(member(player, "seat"));
}

static void put_view(value viewer) {
  u32 who = says(member(viewer, "kind"), "player") ? known(id_of(viewer)) : 0;
  put_map(4);
  put_text("mine");
  if (who == 0) put_null();
  else put_number(room.known[who - 1].card);
  put_text("seated"), put_array(room.known_count);
  for (u32 i = 0; i < room.known_count; i++) put_number(i);
  put_text("guessed"), put_array(room.guessed_count);
  for (u32 i = 0; i < room.guessed_count; i++) put_text_of(room.known[room.guessed[i] - 1].id, ID_LENGTH);
  put_text("log"), put_array(room.log_lines), put_bytes(log, room.log_length);
}

static void on_view(value call) {
  value viewers = member(call, "viewers");
  put_map(2);
  put_text("answer"), put_text("views");
  put_text("views"), put_array(count(viewers));
  value viewer = items(viewers);
  for (u32 left = count(viewers); left > 0; left--, viewer = skip(viewer)) put_view(viewer);
}

static void on_describe(void) {
  put_map(2);
  put_text("answer"), put_text("described");
  put_text("manifest"), put_map(13);
  put_text("abi"), put_text("room-wasm v1");
  put_text("name"), put_text("high-card");
  put_text("players"), put_map(2), put_text("min"), put_number(2), put_text("max"), put_number(2);
  put_text("spectators"), put_number(100);
  put_text("pace"), put_text("turns");
  put_text("hz"), put_number(HZ);
  put_text("presence"), put_text("all");
  put_text("graceMs"), put_number(60000);
  put_text("pauseMs"), put_number(180000);
  put_text("options"), put_map(1);
  put_text("deck"), put_array(2), put_text("short"), put_text("long");
  put_text("frameBytes"), put_number(1024);
  put_text("memoryPages"), put_number(256);
  put_text("fuel"), put_number(20000000);
}

static int fault(const char *text) {
  written = 0;
  put_bytes(text, length_of(text));
  return -(int)written;
}

EXPORT("room_call") int room_call(u32 length) {
  (void)length;
  value call = input;
  value name = member(call, "call");
  written = 0;
  if (says(name, "describe")) return on_describe(), written;
  if (says(name, "open")) {
    if (room.open) return fault("the room is already open");
    return on_open(call), written;
  }
  if (!room.open) return fault("the room is not open");
  if (says(name, "join")) on_join(call);
  else if (says(name, "leave")) on_leave(call);
  else if (says(name, "dropped")) on_absence(call, " dropped");
  else if (says(name, "returned")) on_absence(call, " returned");
  else if (says(name, "move")) on_move(call);
  else if (says(name, "tick")) put_done(0, 0);
  else if (says(name, "timer")) on_timer(call);
  else if (says(name, "abandon")) on_abandon(call);
  else if (says(name, "view")) on_view(call);
  else return fault("a call that does not exist");
  return written;
}
