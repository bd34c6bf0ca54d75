import type { MediaBlock } from '../modelRequest.ts';

/** MIME types of the formats in which Converse names files, where they differ from `kind/format`. */
const MIME_TYPES: Readonly<Record<MediaBlock['kind'], Readonly<Record<string, string>>>> = {
  image: {},
  document: {
    pdf: 'application/pdf',
    csv: 'text/csv',
    doc: 'application/msword',
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    xls: 'application/vnd.ms-excel',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    html: 'text/html',
    txt: 'text/plain',
    md: 'text/markdown',
  },
  video: {
    mkv: 'video/x-matroska',
    mov: 'video/quicktime',
    flv: 'video/x-flv',
    mpg: 'video/mpeg',
    wmv: 'video/x-ms-wmv',
    three_gp: 'video/3gpp',
  },
  audio: {
    mp3: 'audio/mpeg',
    mpeg: 'audio/mpeg',
    mpga: 'audio/mpeg',
    'x-aac': 'audio/aac',
    m4a: 'audio/mp4',
    mkv: 'audio/x-matroska',
    mka: 'audio/x-matroska',
  },
};

/** Returns the MIME type of a file of a kind in a format of Converse. */
export function mediaType(kind: MediaBlock['kind'], format: string): string {
  return MIME_TYPES[kind][format] ?? `${kind}/${format}`;
}
