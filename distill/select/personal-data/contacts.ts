import type { Finder } from './finder.ts';

const DASH = '\\-\\u2010-\\u2013';
const GAP = `[ .\\u00a0${DASH}]`;
/** (415) 867-2211, 415-867-2211, 1.415.867.2211; not with spaces alone, which any table has. */
const NORTH_AMERICAN = `(?:\\+?1${GAP}?)?(?:\\([2-9]\\d{2}\\)${GAP}?|[2-9]\\d{2}[.${DASH}])[2-9]\\d{2}[.${DASH}]\\d{4}`;
const INTERNATIONAL = `(?:\\+|00)[1-9]\\d{0,2}(?:[ ./\\u00a0${DASH}]?\\(?\\d{1,5}\\)?){2,6}`;
const ANY_GROUPS = `\\(?\\d{2,6}\\)?(?:[ ./\\u00a0${DASH}]{1,2}\\d{2,6}){1,5}|\\d{7,15}`;

/** E-mail addresses and telephone numbers. */
export const CONTACT_FINDERS: readonly Finder[] = [
  {
    kind: 'email',
    pattern:
      /(?<![\w.+-])[\p{L}\d][\p{L}\d._%+'-]{0,63}@(?:[\p{L}\d-]{1,63}\.){1,6}\p{L}{2,24}(?![\w-])/gu,
    accepts: isEmail,
  },
  {
    kind: 'phone',
    pattern: new RegExp(
      `(?<![\\w.+$€£#/${DASH}])(?:${NORTH_AMERICAN}|${INTERNATIONAL}|${ANY_GROUPS})(?![\\w%]|[.,:/${DASH}]\\d)`,
      'g',
    ),
    accepts: isPhone,
  },
];

const RESERVED_DOMAIN =
  /(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost|local)$/i;
// What has an address's form and is a file (icon@2x.png), a unit (getty@tty1.service) or a login that all share.
const FILE_NAME =
  /\.(?:png|jpe?g|gif|svg|webp|js|mjs|css|html?|xml|json|ya?ml|md|txt|service|socket|conf|lock)$/i;

/** Whether what has an address's form is one of somebody: no reserved example, file name or shared login. */
function isEmail(text: string): boolean {
  const domain = text.slice(text.lastIndexOf('@') + 1);
  return !RESERVED_DOMAIN.test(domain) && !FILE_NAME.test(domain) && !/^git@/i.test(text);
}

const IS_NORTH_AMERICAN = new RegExp(`^(?:${NORTH_AMERICAN})$`);
const SAYS_PHONE =
  /(?<!\p{L})(?:tel|phones?|telephone|mobile|cell|cellphone|call(?:ing)?|fax|dial|text|sms|whatsapp|hotline|telefon|t[ée]l[ée]phone|tel[ée]fono|handy)(?!\p{L})[^\d\n]{0,24}$/iu;

/**
 * Whether digits in groups are a telephone number: with a country code, in the North American form, or after a
 * word that announces one. Numbers that are kept for films and examples are none.
 */
function isPhone(text: string, before: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15 || EXAMPLE.test(digits) || DATE.test(text))
    return false;
  if (IS_NORTH_AMERICAN.test(text)) return true;
  if (text.startsWith('+')) return digits.length >= 8;
  return SAYS_PHONE.test(before);
}

// 555-01xx (North America); 01632 960xxx, 020 7946 0xxx and 07700 900xxx (United Kingdom); one digit repeated.
const EXAMPLE = /(?:55501\d{2}|(?:1632960|2079460|7700900)\d{3})$|(\d)\1{6}/;
const DATE =
  /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|(?:19|20)\d{2} ?[-\u2013] ?(?:19|20)\d{2})(?: |$)/;
