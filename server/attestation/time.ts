/** Times in certificates and collateral, as Unix seconds. The zone has no clock, and no `Date` either. */

/** "2025-06-19T10:16:03Z", the only form Intel's collateral uses; undefined for anything else. */
export function parseIsoTime(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(text);
  return match === null ? undefined : unixSeconds(match.slice(1));
}

/** "YYMMDDHHMMSSZ" (RFC 5280 section 4.1.2.5.1: 50 to 99 are the nineteen hundreds). */
export function parseUtcTime(text: string): number | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [year, ...rest] = match.slice(1) as [string, ...string[]];
  return unixSeconds([`${Number(year) >= 50 ? 19 : 20}${year}`, ...rest]);
}

/** "YYYYMMDDHHMMSSZ", for 2050 and later only (RFC 5280 section 4.1.2.5). */
export function parseGeneralizedTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  return match === null || Number(match[1]) < 2050 ? undefined : unixSeconds(match.slice(1));
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Year, month, day, hour, minute, second in the proleptic Gregorian calendar; undefined if there is no such moment. */
function unixSeconds(digits: readonly string[]): number | undefined {
  const [year, month, day, hour, minute, second] = digits.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  const leap = isLeap(year) && month === 2 ? 1 : 0;
  if (day < 1 || day > monthLengths[month - 1]! + leap) return undefined;
  let days = daysBeforeYear(year) - daysBeforeYear(1970) + day - 1;
  for (let m = 1; m < month; m++) days += monthLengths[m - 1]! + (m === 2 && isLeap(year) ? 1 : 0);
  return days * 86_400 + hour * 3600 + minute * 60 + second;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const daysBeforeYear = (year: number): number => {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
};
