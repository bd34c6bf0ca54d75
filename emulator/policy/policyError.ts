/** A problem in a policy. The message continues a sentence that begins with the name of the policy. */
export class PolicyError extends Error {}
