/** AWS's own account for examples; a local ARN needs twelve digits. */
export const ACCOUNT = '000000000000';

/** Where an emulator is that was told no region. */
export const DEFAULT_REGION = 'us-east-1';
