// Finds the text of a QR code in a picture: by the browser's own detector, else by the decoder that we bring along.

/** @typedef {(picture: ImageData) => Promise<string | null>} Decode */

/**
 * The decoder of this browser. Loads ours only where the browser has none.
 * @param {string} script address of our decoder's script
 * @returns {Promise<Decode>}
 */
export async function openDecoder(script) {
  return (await native()) ?? bundled(script);
}

/** @returns {Promise<Decode | null>} */
async function native() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  const formats = Detector ? await Detector.getSupportedFormats().catch(() => []) : [];
  if (!formats.includes("qr_code")) return null;
  const detector = new Detector({ formats: ["qr_code"] });
  return async (picture) => (await detector.detect(picture).catch(() => []))[0]?.rawValue ?? null;
}

/**
 * @param {string} script
 * @returns {Promise<Decode>}
 */
async function bundled(script) {
  const reader = await import(script);
  await reader.prepareZXingModule({
    overrides: { locateFile: (/** @type {string} */ file) => new URL(file, new URL(script, location.href)).href },
    fireImmediately: true,
  });
  return async (picture) => {
    const found = await reader.readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
    return found[0]?.text || null;
  };
}
