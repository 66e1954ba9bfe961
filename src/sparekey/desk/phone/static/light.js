// Why a picture may show no QR code: what to tell the person who holds the phone.

const DARK = 45;
const BRIGHT = 250;
const GLARE = 0.2;

/**
 * `dark`, `glare`, or nothing that can be told.
 * @param {{data: Uint8ClampedArray, width: number, height: number}} picture
 * @returns {"dark" | "glare" | null}
 */
export function trouble({ data }) {
  let [sum, white, count] = [0, 0, 0];
  for (let at = 0; at + 2 < data.length; at += 4 * 7) {
    const light = 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
    sum += light;
    white += light >= BRIGHT ? 1 : 0;
    count += 1;
  }
  if (!count) return null;
  if (sum / count < DARK) return "dark";
  return white / count > GLARE && white / count < 0.9 ? "glare" : null;
}
