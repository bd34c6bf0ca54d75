import type { FileContent } from '../../src/shared/attachment.ts';

/** How wide and high a small picture is at most, in pixels: twice what is shown, for sharp screens. */
const THUMBNAIL = 96;

/** What the host needs to know of a file; rejects where it cannot be read. */
export async function readFile(
  file: File,
): Promise<FileContent & { readonly thumbnail: string | null }> {
  return {
    // What is pasted may have no name.
    name: file.name || 'pasted',
    mediaType: file.type || 'application/octet-stream',
    data: await base64Of(file),
    thumbnail: file.type.startsWith('image/') ? await thumbnailOf(file) : null,
  };
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const url = reader.result as string;
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.addEventListener('error', () =>
      reject(new Error(`${file.name} cannot be read: ${reader.error?.message}`)),
    );
    reader.readAsDataURL(file);
  });
}

async function thumbnailOf(file: File): Promise<string | null> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file);
  } catch {
    // An image that this browser does not know, or that is broken: the agent may do better.
    return null;
  }
  const scale = Math.min(1, THUMBNAIL / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas.toDataURL('image/png');
}
