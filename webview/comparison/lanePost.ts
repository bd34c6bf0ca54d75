import type {
  PerLane,
  ComparisonViewMessage,
  Lane,
  LaneRequest,
} from '../../src/shared/chat/comparison.ts';
import type { ViewMessage } from '../../src/shared/chat/viewMessage.ts';

/** Posts what a chat's parts ask for, where the chat is a lane. */
export type LanePost = (message: ViewMessage) => void;

/** The ways to either lane. What would part the two has no button there, and the host refuses it. */
export function createLanePosts(post: (message: ComparisonViewMessage) => void): PerLane<LanePost> {
  const to = (lane: Lane): LanePost => {
    return (message) => {
      if (message.type === 'chooseAgent') post({ type: 'choose', lane, agent: message.agent });
      else post({ type: 'lane', lane, message: message as LaneRequest });
    };
  };
  return { left: to('left'), right: to('right') };
}
