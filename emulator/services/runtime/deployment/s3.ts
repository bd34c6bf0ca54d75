import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** The location of an object in S3. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** AWS's quota for a zip of code. */
const MAX_MEGABYTES = 250;

/** Timeouts for connecting to S3 and for receiving data. */
const CONNECT_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 60_000;

/**
 * Downloads an object to a file and returns its hash. The AWS SDK finds S3 through the emulator's
 * environment and configuration: AWS, or the endpoint in AWS_ENDPOINT_URL_S3.
 */
export async function downloadObject(
  { bucket, key, versionId }: S3Location,
  file: string,
  { region, signal }: { region: string; signal: AbortSignal },
): Promise<string> {
  const client = new S3Client({
    region,
    // Path-style addresses work with AWS and with S3 substitutes, which have no host name per bucket.
    forcePathStyle: true,
    followRegionRedirects: true,
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      socketTimeout: IDLE_MILLISECONDS,
    },
  });
  const hash = createHash('sha256');
  let length = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      length += chunk.length;
      hash.update(chunk);
      const isTooLarge = length > MAX_MEGABYTES * 1024 ** 2;
      done(isTooLarge ? new Error(`it is larger than ${MAX_MEGABYTES} MB`) : null, chunk);
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

/** Returns the fix for the most common failures. */
function explain(error: Error): string {
  if (error.name === 'CredentialsProviderError') {
    return `the emulator has no AWS credentials (${error.message}). Start it with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or with AWS_PROFILE. A local S3 substitute at AWS_ENDPOINT_URL_S3 accepts any`;
  }
  if (error.name === 'NoSuchKey' || error.name === 'NoSuchBucket') {
    return `${error.message} The emulator uses S3 at its AWS_ENDPOINT_URL_S3 or in its AWS configuration, otherwise S3 in AWS`;
  }
  // Aggregate errors have no message of their own.
  const message = error instanceof AggregateError ? error.errors.join(', ') : error.message;
  return error.name === 'Error' ? message : `${error.name}: ${message}`;
}
