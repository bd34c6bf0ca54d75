import type { PerLane, Lane } from '../../src/shared/chat/comparison.ts';
import type {
  ComparisonViewMessage,
  LaneRequest,
} from '../../src/shared/schemas/comparisonMessage.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';

/** Posts the messages of the chat in a lane. */
export type LanePost = (message: ViewMessage) => void;

/** Creates the post function of each lane. The host rejects messages that would separate the lanes. */
export function createLanePosts(post: (message: ComparisonViewMessage) => void): PerLane<LanePost> {
  const createPost = (lane: Lane): LanePost => {
    return (message) => {
      if (message.type === 'chooseAgent') post({ type: 'choose', lane, agent: message.agent });
      else post({ type: 'lane', lane, message: message as LaneRequest });
    };
  };
  return { left: createPost('left'), right: createPost('right') };
}
