// The phone's camera, and photos from elsewhere, as pictures to look at.

const WIDEST = 1280;

/** Why there is no camera: the person said no, there is none, or another program has it. */
export class NoCameraError extends Error {
  /** @param {"refused" | "missing" | "busy"} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/**
 * Opens the camera that looks away from the person.
 * @param {HTMLVideoElement} video
 * @returns {Promise<() => void>} closes it
 */
export async function openCamera(video) {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCameraError("missing");
  const wanted = { video: { facingMode: { ideal: "environment" }, width: { ideal: WIDEST } }, audio: false };
  const stream = await navigator.mediaDevices.getUserMedia(wanted).catch((error) => {
    if (error.name === "NotAllowedError" || error.name === "SecurityError") throw new NoCameraError("refused");
    throw new NoCameraError(error.name === "NotReadableError" || error.name === "AbortError" ? "busy" : "missing");
  });
  video.srcObject = stream;
  await video.play().catch(() => undefined); // a page that is hidden meanwhile stops it; the next frame goes on
  return () => {
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
}

/**
 * What the camera shows now, or null before its first frame.
 * @param {HTMLVideoElement} video
 */
export function frame(video) {
  return video.videoWidth ? drawn(video, video.videoWidth, video.videoHeight, WIDEST) : null;
}

/**
 * The pictures of a photo in which to look: as it is, and smaller, since some codes are found only there.
 * @param {Blob} photo
 */
export async function* pictures(photo) {
  const bitmap = await createImageBitmap(photo);
  for (const widest of [2 * WIDEST, WIDEST, WIDEST / 2]) yield drawn(bitmap, bitmap.width, bitmap.height, widest);
  bitmap.close();
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {number} widest
 */
function drawn(source, width, height, widest) {
  const scale = Math.min(1, widest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
