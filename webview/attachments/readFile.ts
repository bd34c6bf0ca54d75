import type { FileContent } from '../../src/shared/attachment.ts';

/** Maximum width and height of a thumbnail in pixels: twice its size on the page, for high-DPI screens. */
const MAX_THUMBNAIL = 96;

/** Reads a file for the host. Rejects if it cannot be read. */
export async function readFile(
  file: File,
): Promise<FileContent & { readonly thumbnail: string | null }> {
  return {
    // Pasted data may have no name.
    name: file.name || 'pasted',
    mediaType: file.type || 'application/octet-stream',
    data: await readBase64(file),
    thumbnail: file.type.startsWith('image/') ? await createThumbnail(file) : null,
  };
}

function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const url = reader.result as string;
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.addEventListener('error', () =>
      reject(new Error(`Cannot read ${file.name}: ${reader.error?.message}`)),
    );
    reader.readAsDataURL(file);
  });
}

async function createThumbnail(file: File): Promise<string | null> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file);
  } catch {
    // The browser does not support the image, or it is broken. The agent may still accept it.
    return null;
  }
  const scale = Math.min(1, MAX_THUMBNAIL / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas.toDataURL('image/png');
}
