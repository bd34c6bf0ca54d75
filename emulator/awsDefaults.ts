/** The account ID in local ARNs, which need twelve digits. */
export const ACCOUNT = '000000000000';

/** The Region of an emulator without the option. */
export const DEFAULT_REGION = 'us-east-1';
