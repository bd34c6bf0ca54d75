/** What is wrong with a policy, to be said after the name of what it is wrong with. */
export class PolicyError extends Error {}
