import type { FileMessage } from '../src/shared/chat/hostMessage.ts';
import type { ViewMessage } from '../src/shared/schemas/viewMessage.ts';
import type { SavedViewState } from './savedViewState.ts';
import type { ViewState } from './reducer.ts';

/** Connection to the host, and storage for the view state. */
export interface HostConnection<Message = ViewMessage> {
  /** True if a title bar around the view offers the actions of the whole chat. */
  readonly hasTitleBar: boolean;
  post(message: Message): void;
  readState(): SavedViewState;
  saveState(state: SavedViewState): void;
  /** Opens the comparison page. */
  openComparison(): void;
}

/** Sent by every view when it is connected. The host replies with the complete state. */
interface ReadyMessage {
  readonly type: 'ready';
}

/** Reports that the connection to the host opened or was lost. */
interface LinkEvent {
  readonly type: 'link';
  readonly link: ViewState['link'];
}

/** A page, and the path of its WebSocket. */
export type PageName = 'chat' | 'compare';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): SavedViewState | undefined;
  setState(state: SavedViewState): void;
}

declare global {
  // Only defined in VS Code webviews.
  var acquireVsCodeApi: (() => VsCodeApi) | undefined;
}

/** Delay before the page tries to reconnect. */
const RETRY_MILLISECONDS = 1000;

/** Connects a view to its host, in VS Code or on the emulator's page. */
export function connect(
  page: PageName,
  onEvent: (event: unknown) => void,
): HostConnection<unknown> {
  const vsCode = globalThis.acquireVsCodeApi?.();
  return vsCode ? connectWebview(vsCode, onEvent) : connectSocket(page, onEvent);
}

function connectWebview(
  vsCode: VsCodeApi,
  onEvent: (event: unknown) => void,
): HostConnection<unknown> {
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => onEvent(data));
  vsCode.postMessage({ type: 'ready' } satisfies ReadyMessage);
  return {
    hasTitleBar: true,
    post: (message) => vsCode.postMessage(message),
    readState: () => vsCode.getState() ?? {},
    saveState: (state) => vsCode.setState(state),
    openComparison: () => vsCode.postMessage({ type: 'compare' }),
  };
}

function connectSocket(page: PageName, onEvent: (event: unknown) => void): HostConnection<unknown> {
  // Relative to the page, whose base path may contain a token.
  const address = new URL(page, location.href.replace(/^http/, 'ws'));
  let socket: WebSocket;

  function open(): void {
    socket = new WebSocket(address);
    socket.addEventListener('open', () => {
      onEvent({ type: 'link', link: 'open' } satisfies LinkEvent);
      socket.send(JSON.stringify({ type: 'ready' } satisfies ReadyMessage));
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as FileMessage | { readonly type: 'of the view' };
      if (event.type === 'file') download(event);
      else onEvent(event);
    });
    socket.addEventListener('close', () => {
      onEvent({ type: 'link', link: 'lost' } satisfies LinkEvent);
      setTimeout(open, RETRY_MILLISECONDS);
    });
  }

  open();
  return {
    hasTitleBar: false,
    post: (message) => socket.send(JSON.stringify(message)),
    readState: () => JSON.parse(sessionStorage.getItem(page) ?? '{}') as SavedViewState,
    saveState: (state) => sessionStorage.setItem(page, JSON.stringify(state)),
    openComparison: () => location.assign('compare'),
  };
}

/** Saves a file through the browser. */
function download({ name, mediaType, content }: FileMessage): void {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
