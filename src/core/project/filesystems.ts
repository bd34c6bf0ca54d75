import * as z from 'zod';

const KINDS = ['sessionStorage', 'efsAccessPoint', 's3FilesAccessPoint', 'capacityProviderVolume'];

// "." and "..", which the pattern of AWS lets through, are no folders of their own.
const mountPath = z
  .string()
  .regex(
    /^\/mnt\/(?!\.{1,2}\/?$)[a-zA-Z0-9._-]+\/?$/,
    'a folder directly under /mnt, such as /mnt/data',
  )
  .max(200, 'a path of at most 200 characters')
  .transform((path) => path.replace(/\/$/, ''));

const place = z.looseObject({ mountPath });

/** The `filesystemConfigurations` of a runtime in agentcore.json, within the limits of AWS. */
export const filesystems = z
  .array(
    z
      .looseObject({
        sessionStorage: place.optional(),
        efsAccessPoint: place.optional(),
        s3FilesAccessPoint: place.optional(),
        capacityProviderVolume: place.optional(),
      })
      .refine(
        (entry) => Object.keys(entry).length === 1 && KINDS.includes(Object.keys(entry)[0]!),
        `exactly one of ${KINDS.join(', ')}`,
      ),
  )
  .max(5, 'at most 5 filesystems')
  .refine(
    (entries) => entries.filter(({ sessionStorage }) => sessionStorage).length <= 1,
    'a runtime can have one sessionStorage; make folders in it',
  )
  .refine((entries) => {
    const paths = entries.flatMap((entry) => Object.values(entry).map((it) => mountPathOf(it)));
    return new Set(paths).size === paths.length;
  }, 'two filesystems have the same mountPath')
  .default([]);

type Filesystems = z.output<typeof filesystems>;

/** Where sessions find again what they left. */
export function storageMounts(entries: Filesystems): string[] {
  return entries.flatMap(({ sessionStorage }) => sessionStorage?.mountPath ?? []);
}

/** Those of others, which would have to be in AWS. */
export function unsupportedFilesystems(entries: Filesystems): string[] {
  return entries.flatMap((entry) =>
    Object.entries(entry)
      .filter(([kind]) => kind !== 'sessionStorage')
      .map(([kind, filesystem]) => `${kind} at ${mountPathOf(filesystem)}`),
  );
}

function mountPathOf(filesystem: unknown): string {
  return (filesystem as z.output<typeof place>).mountPath;
}
