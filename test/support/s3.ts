import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { useMoto } from './moto.ts';

/** An S3 service with a bucket `code`. */
export interface TestS3 {
  put(key: string, body: Buffer): Promise<void>;
}

/** Starts moto's S3 server and sets the environment variables that make emulators use it. */
export async function useS3(): Promise<TestS3> {
  await useMoto('S3');
  const client = new S3Client({ region: 'us-east-1', forcePathStyle: true });
  onTestFinished(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket: 'code' }));
  return {
    async put(Key, Body) {
      await client.send(new PutObjectCommand({ Bucket: 'code', Key, Body }));
    },
  };
}

/** A file in a zip. `mode` is its Unix file type and permissions. */
export interface ZipEntry {
  readonly name: string;
  readonly text: string;
  readonly mode?: number;
}

const ZIP = `
import io, json, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zip:
    for entry in json.load(sys.stdin):
        info = zipfile.ZipInfo(entry["name"])
        info.external_attr = entry.get("mode", 0o100644) << 16
        zip.writestr(info, entry["text"])
sys.stdout.buffer.write(out.getvalue())
`;

/** Creates a zip with Python's zipfile module, which accepts any file name. */
export async function createZip(...entries: readonly ZipEntry[]): Promise<Buffer> {
  const child = spawn('python3', ['-c', ZIP], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(entries));
  const [zip] = await Promise.all([buffer(child.stdout), once(child, 'close')]);
  return zip;
}
