/** Whether a number's last digit proves it (Luhn, ISO/IEC 7812-1). */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The remainder of a decimal number of any length. */
export function modulo(digits: string, divisor: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % divisor;
  return rest;
}

/** An IBAN's letters and digits as one number: the first four places behind the rest, A as 10 (ISO 13616). */
export function ibanNumber(iban: string): string {
  const turned = iban.slice(4) + iban.slice(0, 4);
  return turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
}

/** The two check digits that an IBAN of a country and an account has. */
export function ibanCheck(country: string, account: string): string {
  return String(98 - modulo(ibanNumber(`${country}00${account}`), 97)).padStart(2, '0');
}

/** The check digit of a German tax number's first ten digits (ISO/IEC 7064, MOD 11,10). */
export function mod1110(digits: string): number {
  let product = 10;
  for (const digit of digits) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10;
}

/** The letter of a Spanish DNI or NIE, whose first letter stands for a digit. */
export function dniLetter(number: string): string {
  const digits = number.replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(digits) % 23] ?? '';
}

/** Whether the two check digits of a Brazilian CPF (11 digits) are right. */
export function cpf(digits: string): boolean {
  return [9, 10].every((count) => {
    let sum = 0;
    for (let index = 0; index < count; index += 1)
      sum += Number(digits[index]) * (count + 1 - index);
    return ((sum * 10) % 11) % 10 === Number(digits[count]);
  });
}
