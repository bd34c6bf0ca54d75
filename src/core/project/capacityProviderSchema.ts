import * as z from 'zod';
import { networkFields } from './networkSchema.ts';
import { fields, keyArn, nonEmpty, resourceName, roleArn, tags, text } from './schemaText.ts';

const SECONDS = 'a whole number of seconds from 60 to 1209600';
const seconds = z.int(SECONDS).min(60, SECONDS).max(1_209_600, SECONDS).optional();
const GIBIBYTES = 'a whole number of GiB from 1 to 65536';

/** The name of a volume, which a runtime's capacityProviderVolume mounts. */
const volumeName = text(
  /^[A-Za-z][A-Za-z0-9_-]{0,47}$/,
  'a letter followed by up to 47 letters, digits, _ or -',
);

// AWS validates the members of EC2 that are not listed here, such as iops.
const volume = fields({
  ebsConfiguration: z.looseObject({
    name: volumeName,
    sizeGiB: z.int(GIBIBYTES).min(1, GIBIBYTES).max(65_536, GIBIBYTES),
    volumeType: z.enum(['standard', 'io1', 'io2', 'gp2', 'sc1', 'st1', 'gp3']).optional(),
    encrypted: z.boolean().optional(),
    kmsKeyId: keyArn.optional(),
  }),
});

const launchParameters = z.looseObject({
  operatingSystem: z.enum(['LINUX_X86_64', 'LINUX_ARM64']),
  instanceRequirements: fields({
    allowedInstanceTypes: z
      .array(nonEmpty.max(255, 'at most 255 characters'))
      .min(1)
      .max(30, 'at most 30 instance types'),
  }),
  instanceProfileArn: text(
    /^arn:[^:]+:iam::\d{12}:instance-profile\/.+$/,
    'an ARN such as arn:aws:iam::123456789012:instance-profile/Name',
  ).optional(),
});

const { subnets, securityGroups } = networkFields.networkConfig.unwrap().shape;

/** An entry of `capacityProviders`, which only version 1 has. */
export const capacityProvider = fields({
  name: resourceName,
  description: nonEmpty.max(4096, 'at most 4096 characters').optional(),
  operatorRoleArn: roleArn.optional(),
  computeConfiguration: fields({
    ec2Configuration: z.looseObject({
      launchTemplateSource: fields({ launchParameters }),
      vpcConfiguration: fields({ subnets, securityGroups }),
      volumes: z.array(volume).max(5, 'at most 5 volumes').optional(),
      lifecycleConfiguration: fields({
        idleInstanceTimeout: seconds,
        maxLifetime: seconds,
      }).optional(),
    }),
  }),
  tags: tags.optional(),
});

/** A runtime's reference to the capacity provider on which it runs. */
export const capacityProviderConfiguration = fields({
  capacityProviderArn: text(
    /^arn:[^:]+:bedrock-agentcore:[a-z0-9-]+:\d{12}:capacity-provider\/[A-Za-z]\w{0,47}-[A-Za-z0-9]{10}$/,
    'an ARN such as arn:aws:bedrock-agentcore:us-east-1:123456789012:capacity-provider/Name-0123456789',
  ).optional(),
  capacityProviderName: resourceName.optional(),
}).refine(
  ({ capacityProviderArn, capacityProviderName }) => !capacityProviderArn !== !capacityProviderName,
  'is not a reference. Use either capacityProviderName or capacityProviderArn.',
);

interface CapacityFields {
  readonly capacityProviderConfiguration?: object | undefined;
  readonly networkMode?: string | undefined;
  readonly networkConfig?: object | undefined;
  readonly filesystemConfigurations: readonly object[];
}

/** Rejects a runtime whose fields contradict its capacity provider, or need one that it does not have. */
export const findCapacityConflict = z.superRefine<CapacityFields>((runtime, check) => {
  const report = (message: string, ...path: (string | number)[]) =>
    check.addIssue({ code: 'custom', message, path });
  if (runtime.capacityProviderConfiguration) {
    for (const field of ['networkMode', 'networkConfig'] as const) {
      if (runtime[field] === undefined) continue;
      report('cannot be combined with capacityProviderConfiguration. Remove it.', field);
    }
    return;
  }
  for (const [index, filesystem] of runtime.filesystemConfigurations.entries()) {
    if (!('capacityProviderVolume' in filesystem)) continue;
    const message =
      'requires a capacity provider. Add capacityProviderConfiguration to the runtime.';
    report(message, 'filesystemConfigurations', index, 'capacityProviderVolume');
  }
});
