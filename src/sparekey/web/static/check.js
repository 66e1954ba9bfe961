// What every code has: the alphabet and the check character (spec/codes.md sections 1 and 2).

/** Crockford's base 32: no I, L, O or U. */
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * In GF(32), polynomials over GF(2) modulo x^5 + x^2 + 1.
 * @param {number} left
 * @param {number} right
 */
function times(left, right) {
  let product = 0;
  for (; right; right >>= 1) {
    if (right & 1) product ^= left;
    left <<= 1;
    if (left & 32) left ^= 0b100101;
  }
  return product;
}

/**
 * The check character of a code's other characters.
 * @param {string} body
 */
export function checkCharacter(body) {
  let total = 0;
  let weight = 1;
  for (const character of body) {
    weight = times(weight, 2);
    total ^= times(weight, ALPHABET.indexOf(character));
  }
  return ALPHABET[total];
}
