import * as z from 'zod';
import { fields, text } from './schemaText.ts';

const MOST = 'at most 16 entries';

/** The fields of a runtime that decide which network its sessions reach. */
export const networkFields = {
  networkMode: z.enum(['PUBLIC', 'VPC']).optional(),
  networkConfig: fields({
    subnets: z
      .array(text(/^subnet-[0-9a-zA-Z]{8,17}$/, 'a subnet, such as subnet-0123abcd'))
      .min(1)
      .max(16, MOST),
    securityGroups: z
      .array(text(/^sg-[0-9a-zA-Z]{8,17}$/, 'a security group, such as sg-0123abcd'))
      .min(1)
      .max(16, MOST),
    vpcId: text(/^vpc-[0-9a-zA-Z]{8,17}$/, 'a VPC, such as vpc-0123abcd').optional(),
  }).optional(),
};

const network = z.object(networkFields);

/** Rejects a runtime whose two network fields contradict each other. */
export const findNetworkConflict = z.superRefine<z.output<typeof network>>((runtime, check) => {
  const { networkMode, networkConfig } = runtime;
  if ((networkMode === 'VPC') === (networkConfig !== undefined)) return;
  const message = networkConfig
    ? 'has no effect without networkMode VPC. Use networkMode VPC, or remove it.'
    : 'The value is missing. Add subnets and securityGroups, which networkMode VPC requires.';
  check.addIssue({ code: 'custom', message, path: ['networkConfig'] });
});

/** Returns a warning if a runtime's network exists only in AWS. */
export function networkWarnings({ networkMode }: z.output<typeof network>): string[] {
  return networkMode === 'VPC'
    ? ['networkMode VPC is not emulated. Sessions use the network of this machine.']
    : [];
}
