import * as z from 'zod';
import type { ComparisonViewMessage, LaneRequest } from '../../shared/chat/comparison.ts';
import type { ViewMessage } from '../../shared/chat/viewMessage.ts';
import { parseViewMessage } from '../chat/viewMessage.ts';

const lane = z.enum(['left', 'right']);

const own = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lane'), lane, message: z.unknown() }),
  z.object({ type: z.literal('stopBoth') }),
  z.object({ type: z.literal('choose'), lane, agent: z.string() }),
  z.object({ type: z.literal('begin') }),
]);

type ChatMessage = Exclude<
  ComparisonViewMessage,
  { type: 'lane' | 'stopBoth' | 'choose' | 'begin' }
>;

// Tables, so that the compiler reports what is added to the protocol and missing here.
const TO_BOTH: Readonly<Record<ChatMessage['type'], true>> = {
  ready: true,
  send: true,
  cancelWork: true,
  attach: true,
  attachSelection: true,
  detach: true,
};

const TO_LANE: Readonly<Record<LaneRequest['type'], true>> = {
  retry: true,
  stop: true,
  settle: true,
  closeSocket: true,
  cancelWork: true,
  showRaw: true,
  newSession: true,
  identify: true,
  stopSession: true,
  showMachines: true,
  listTools: true,
  token: true,
  aws: true,
  reconnect: true,
  insertCode: true,
  openCode: true,
  dismissProblem: true,
};

/** Parses a message of a comparison's view; throws if it is not part of the protocol. */
export function parseComparisonMessage(message: unknown): ComparisonViewMessage {
  const { data } = own.safeParse(message);
  if (!data) return parseChatMessage(message, (read): read is ChatMessage => read.type in TO_BOTH);
  if (data.type !== 'lane') return data;
  return { ...data, message: parseChatMessage(data.message, isLaneRequest) };
}

function isLaneRequest(message: ViewMessage): message is LaneRequest {
  if (message.type === 'retry') return message.prompt === undefined;
  return message.type in TO_LANE;
}

function parseChatMessage<Wanted extends ViewMessage>(
  message: unknown,
  isAllowed: (message: ViewMessage) => message is Wanted,
): Wanted {
  const read = parseViewMessage(message);
  if (isAllowed(read)) return read;
  throw new Error(`A comparison does not accept '${read.type}' here.`);
}
