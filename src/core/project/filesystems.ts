import * as z from 'zod';
import { arn, fields, nonEmpty, text } from './schemaText.ts';

const KINDS = ['sessionStorage', 'efsAccessPoint', 's3FilesAccessPoint', 'capacityProviderVolume'];

const LONGEST_PATH = 200;
// The pattern of AWS also accepts "." and "..", which are not folders under /mnt.
const mountPath = text(
  /^\/mnt\/(?!\.{1,2}\/?$)[a-zA-Z0-9._-]+\/?$/,
  'a folder directly under /mnt, such as /mnt/data',
)
  .max(LONGEST_PATH, `a path of at most ${LONGEST_PATH} characters`)
  .transform((path) => path.replace(/\/$/, ''));

const EXAMPLE = 'arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123abcd';
const S3_EXAMPLE = `arn:aws:s3files:us-east-1:123456789012:file-system/ID/access-point/ID`;
const mount = z.object({ mountPath });

/** The `filesystemConfigurations` of a runtime in agentcore.json, within the limits of AWS. */
export const filesystems = z
  .array(
    z
      .looseObject({
        sessionStorage: fields({ mountPath }).optional(),
        efsAccessPoint: fields({
          mountPath,
          accessPointArn: arn('elasticfilesystem', EXAMPLE),
        }).optional(),
        s3FilesAccessPoint: fields({
          mountPath,
          accessPointArn: arn('s3files', S3_EXAMPLE),
        }).optional(),
        capacityProviderVolume: fields({ mountPath, volumeName: nonEmpty.optional() }).optional(),
      })
      .refine(
        (entry) => Object.keys(entry).length === 1 && KINDS.includes(Object.keys(entry)[0]!),
        `is not a filesystem. Use exactly one of ${KINDS.join(', ')}.`,
      ),
  )
  .max(5, 'at most 5 filesystems')
  .refine(
    (entries) => entries.filter(({ sessionStorage }) => sessionStorage).length <= 1,
    'has more than one sessionStorage. Use one, and create folders in it.',
  )
  .refine((entries) => {
    const paths = entries.flatMap((entry) => Object.values(entry).map((it) => readMountPath(it)));
    return new Set(paths).size === paths.length;
  }, 'has two filesystems with the same mountPath. Use another path for one of them.')
  .default([]);

type Filesystems = z.output<typeof filesystems>;

/** The mount paths of session storage. */
export function storageMounts(entries: Filesystems): string[] {
  return entries.flatMap(({ sessionStorage }) => sessionStorage?.mountPath ?? []);
}

/** Returns a warning for each filesystem that exists only in AWS. */
export function filesystemWarnings(entries: Filesystems): string[] {
  return entries.flatMap((entry) =>
    Object.entries(entry)
      .filter(([kind]) => kind !== 'sessionStorage')
      .map(
        ([kind, filesystem]) =>
          `${kind} at ${readMountPath(filesystem)} is not emulated. The path does not exist.`,
      ),
  );
}

function readMountPath(filesystem: unknown): string {
  return (filesystem as z.output<typeof mount>).mountPath;
}
