/** A value inside a value inside a value. */
export function deeply(count, wrap, innermost) {
  let value = innermost;
  for (let i = 0; i < count; i++) value = wrap(value);
  return value;
}
