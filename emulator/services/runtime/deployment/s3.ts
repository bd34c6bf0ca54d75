import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** Where an object is in S3. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** AWS's quota for a zip of code. */
const LARGEST_MEGABYTES = 250;

/** How long S3 may take to be reached, and say nothing. */
const CONNECT_MILLISECONDS = 10_000;
const SILENCE_MILLISECONDS = 60_000;

/**
 * Writes an object of S3 into a file and gives its hash. S3 is where the AWS SDK finds it by the
 * emulator's own environment and configuration: in AWS, or what AWS_ENDPOINT_URL_S3 names.
 */
export async function downloadObject(
  { bucket, key, versionId }: S3Location,
  file: string,
  { region, signal }: { region: string; signal: AbortSignal },
): Promise<string> {
  const client = new S3Client({
    region,
    // Stand-ins for S3 have no host name for each bucket, and AWS takes both ways.
    forcePathStyle: true,
    followRegionRedirects: true,
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      socketTimeout: SILENCE_MILLISECONDS,
    },
  });
  const hash = createHash('sha256');
  let length = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      length += chunk.length;
      hash.update(chunk);
      const isTooLarge = length > LARGEST_MEGABYTES * 1024 ** 2;
      done(isTooLarge ? new Error(`it has more than ${LARGEST_MEGABYTES} MB`) : null, chunk);
    },
  });
  try {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
    const { Body } = await client.send(command, { abortSignal: signal });
    await pipeline(Body as Readable, measure, createWriteStream(file), { signal });
    return hash.digest('hex');
  } catch (error) {
    throw new Error(`s3://${bucket}/${key} cannot be read: ${explain(error as Error)}`, {
      cause: error,
    });
  } finally {
    client.destroy();
  }
}

/** The mend for what goes wrong most. */
function explain(error: Error): string {
  if (error.name === 'CredentialsProviderError') {
    return `the emulator has no AWS credentials (${error.message}). Start it with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or with AWS_PROFILE; a stand-in for S3, named by AWS_ENDPOINT_URL_S3, takes any`;
  }
  if (error.name === 'NoSuchKey' || error.name === 'NoSuchBucket') {
    return `${error.message} It is looked for where the emulator's own AWS_ENDPOINT_URL_S3 or AWS configuration leads, else in AWS`;
  }
  // Errors of several addresses have no words of their own.
  const words = error instanceof AggregateError ? error.errors.join(', ') : error.message;
  return error.name === 'Error' ? words : `${error.name}: ${words}`;
}
