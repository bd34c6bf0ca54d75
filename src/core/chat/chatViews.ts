import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import type { ChatState } from '../../shared/chat/state.ts';
import { viewMessage, type ViewMessage } from '../../shared/schemas/viewMessage.ts';
import { parseMessage } from './parseMessage.ts';

/** The host's side of a view. */
export interface ChatView {
  /** Handles a message of the view; throws if it is not part of the chat protocol. */
  receive(message: unknown): void;
  dispose(): void;
}

/** A request of a view that is ready. */
export type ChatRequest = Exclude<ViewMessage, { readonly type: 'ready' }>;

/** The views of one chat. */
export interface ChatViews {
  /** Posts to all views that are ready. */
  post(message: HostMessage): void;
  /** Shows the list of conversations in the open views, or in the first that opens. */
  showConversations(): void;
  connect(post: (message: HostMessage) => void): ChatView;
  /** Stops posting. */
  close(): void;
}

/** Creates the views of a chat. Each one gets the whole state when it is ready. */
export function createChatViews({
  state,
  handle,
  onReady,
}: {
  readonly state: () => ChatState;
  /** Handles a request; `reply` posts to its view only. */
  readonly handle: (request: ChatRequest, reply: (answer: HostMessage) => void) => void;
  /** A view has become ready. */
  readonly onReady: () => void;
}): ChatViews {
  const ready = new Set<(message: HostMessage) => void>();
  // The view that was opened to show the list is not ready yet.
  let showsListNext = false;

  function post(message: HostMessage): void {
    for (const send of ready) send(message);
  }

  return {
    post,
    showConversations() {
      showsListNext = ready.size === 0;
      post({ type: 'showConversations' });
    },
    connect: (post) => ({
      receive(input) {
        const message = parseMessage(viewMessage, input);
        if (message.type !== 'ready') return handle(message, post);
        ready.add(post);
        post({ type: 'state', state: state() });
        if (showsListNext) post({ type: 'showConversations' });
        showsListNext = false;
        onReady();
      },
      dispose: () => void ready.delete(post),
    }),
    close: () => ready.clear(),
  };
}
