import type { Line } from './steps.mjs';

/** A real program that tests run against, and how to install it. */
export interface TestPart {
  readonly name: string;
  /** Looks for the part quickly. Returns undefined when it is missing. */
  find(): Promise<Found | undefined>;
  /** Debian packages that contain the part. */
  readonly packages?: readonly string[];
  /** Steps after the Debian packages are installed. */
  install?(): Promise<void>;
  /** True when `install` needs neither Debian nor root. */
  readonly anywhere?: boolean;
  /** Instructions for a manual installation. */
  readonly hint: string;
}

/** An installed part. */
export interface Found {
  /** Environment variables with the part's location. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Starts the part, if it must run during the tests. */
  start?(): Promise<Started>;
}

/** A running part. It ends with this process at the latest. */
export interface Started {
  readonly environment: Readonly<Record<string, string>>;
  /** Wraps a command so that it can reach the part, for example in the part's network. */
  within(line: Line): Line;
  end(): Promise<void>;
}
