import type { Target } from '../../shared/target.ts';
import type { TargetClient } from '../agents/invocation.ts';

/** Opens the AWS SDK client of a target. Nothing is sent before the first call. */
export type OpenClient = (target: Target) => TargetClient;
