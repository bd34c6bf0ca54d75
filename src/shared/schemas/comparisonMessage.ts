import * as z from 'zod';
import { LANES } from '../chat/comparison.ts';
import {
  agentControl,
  attachmentRequest,
  cancelWork,
  codeRequest,
  dismissProblem,
  ready,
  send,
  sessionRequest,
  turnControl,
} from './viewMessage.ts';

const lane = z.enum(LANES);

/** A request to one lane. Requests after which the lanes would differ are excluded. */
const laneRequest = z.discriminatedUnion('type', [
  turnControl,
  /** Only the same prompt; another one would go to both lanes. */
  z.strictObject({ type: z.literal('retry'), turn: z.string() }),
  sessionRequest,
  agentControl,
  codeRequest,
  dismissProblem,
]);
export type LaneRequest = z.infer<typeof laneRequest>;

/** A message of a comparison's view to its host. */
export const comparisonViewMessage = z.discriminatedUnion('type', [
  ready,
  z.object({ type: z.literal('lane'), lane, message: laneRequest }),
  /** These go to both lanes at the same time. */
  send,
  cancelWork,
  attachmentRequest,
  /** Stops both answers. */
  z.object({ type: z.literal('stopBoth') }),
  /** Compares another agent and starts both lanes anew, so that both have the same prompts. */
  z.object({ type: z.literal('choose'), lane, agent: z.string() }),
  /** Starts a new conversation in both lanes. */
  z.object({ type: z.literal('begin') }),
]);
export type ComparisonViewMessage = z.infer<typeof comparisonViewMessage>;
