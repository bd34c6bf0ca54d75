import type { FileMessage } from '../src/shared/chat/hostMessage.ts';
import type { ViewMessage } from '../src/shared/chat/viewMessage.ts';
import type { ViewEvent } from './reducer.ts';

/** What the view keeps for itself over a reload; everything else is the host's. */
export interface Memory {
  readonly draft: string;
  /** Whether the draft is a payload in JSON. */
  readonly isPayload: boolean;
  /** Where the reader was; null at the end, where what is new comes into sight by itself. */
  readonly scroll: number | null;
}

/** The way to the host, and a place to remember things. */
export interface Transport {
  /** Whether there is a title bar around the view that offers what concerns the whole of it. */
  readonly hasTitleBar: boolean;
  post(message: ViewMessage): void;
  recall(): Memory;
  remember(memory: Memory): void;
}

interface VsCodeApi {
  postMessage(message: ViewMessage): void;
  getState(): Memory | undefined;
  setState(memory: Memory): void;
}

declare global {
  // VS Code's webviews have it, and nothing else does.
  var acquireVsCodeApi: (() => VsCodeApi) | undefined;
}

const NOTHING: Memory = { draft: '', isPayload: false, scroll: null };
const MEMORY_KEY = 'chat';

/** How long the page waits before it looks again whether the emulator is back. */
const RETRY_MILLISECONDS = 1000;

/** Connects the view to its host, in VS Code or on the emulator's page. */
export function connect(onEvent: (event: ViewEvent) => void): Transport {
  const vsCode = globalThis.acquireVsCodeApi?.();
  return vsCode ? overWebview(vsCode, onEvent) : overSocket(onEvent);
}

function overWebview(vsCode: VsCodeApi, onEvent: (event: ViewEvent) => void): Transport {
  window.addEventListener('message', ({ data }: MessageEvent<ViewEvent>) => onEvent(data));
  vsCode.postMessage({ type: 'ready' });
  return {
    hasTitleBar: true,
    post: (message) => vsCode.postMessage(message),
    recall: () => vsCode.getState() ?? NOTHING,
    remember: (memory) => vsCode.setState(memory),
  };
}

function overSocket(onEvent: (event: ViewEvent) => void): Transport {
  // Beside the page: where that has a token as base path, so has this.
  const address = new URL('chat', location.href.replace(/^http/, 'ws'));
  let socket: WebSocket;

  function open(): void {
    socket = new WebSocket(address);
    socket.addEventListener('open', () => {
      onEvent({ type: 'link', link: 'open' });
      socket.send(JSON.stringify({ type: 'ready' } satisfies ViewMessage));
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as ViewEvent | FileMessage;
      if (event.type === 'file') download(event);
      else onEvent(event);
    });
    socket.addEventListener('close', () => {
      onEvent({ type: 'link', link: 'lost' });
      setTimeout(open, RETRY_MILLISECONDS);
    });
  }

  open();
  return {
    hasTitleBar: false,
    post: (message) => socket.send(JSON.stringify(message)),
    recall: () => {
      const kept = sessionStorage.getItem(MEMORY_KEY);
      return kept === null ? NOTHING : (JSON.parse(kept) as Memory);
    },
    remember: (memory) => sessionStorage.setItem(MEMORY_KEY, JSON.stringify(memory)),
  };
}

/** Gives a file to the browser, which puts it where its user wants downloads. */
function download({ name, mediaType, content }: FileMessage): void {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
