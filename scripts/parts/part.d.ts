import type { Line } from './steps.mjs';

/** Something real that tests run against, and how it comes onto a machine. */
export interface Part {
  readonly name: string;
  /** Looks for it, cheaply; undefined when it is missing. */
  find(): Promise<Found | undefined>;
  /** The packages that bring it on Debian. */
  readonly packages?: readonly string[];
  /** What is to do besides. */
  install?(): Promise<void>;
  /** Its `install` needs nothing that is Debian's or root's. */
  readonly anywhere?: boolean;
  /** How people get it where we cannot. */
  readonly hint: string;
}

/** A part that is there. */
export interface Found {
  /** Where it is, for the tests' environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Starts what must run before the tests do. */
  start?(): Promise<Started>;
}

/** A part that runs until it is ended, or until this process ends. */
export interface Started {
  readonly environment: Readonly<Record<string, string>>;
  /** The command in a form that meets the part: in the network where it is. */
  within(line: Line): Line;
  end(): Promise<void>;
}
