/** The type of a value in AWS's model. */
export type SchemaType =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'float'
  | 'timestamp'
  | 'blob'
  | 'document'
  | 'list'
  | 'map'
  | 'structure'
  | 'union';

/** The location of a member in a request or a response. */
export type MemberLocation = 'label' | 'query' | 'header' | 'status' | 'payload' | 'body';

/** A member of a structure or union. */
export interface Member {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  readonly location: MemberLocation;
  /** The name in a header, query or JSON body. */
  readonly wireName: string;
  /** SDKs fill it with a random value if the caller sets none. */
  readonly isToken: boolean;
}

interface MemberEntry {
  readonly shape: string;
  readonly in?: MemberLocation;
  readonly name?: string;
  readonly isToken?: boolean;
}

/** A shape as it is written in a generated model. */
export interface ShapeEntry {
  readonly type: SchemaType;
  readonly sensitive?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly isIso?: boolean;
  readonly isStreaming?: boolean;
  readonly isError?: boolean;
  readonly key?: string;
  readonly each?: string;
  /** A member without a binding is only the name of its shape. */
  readonly members?: Readonly<Record<string, string | MemberEntry>>;
  readonly required?: readonly string[];
}

/** A shape of AWS's model: its type, constraints and members. */
export class Schema {
  readonly name: string;
  readonly type: SchemaType;
  readonly isSensitive: boolean;
  /** Limits of a number's value, or of the length of a string, blob, list or map. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Matched against the whole string. */
  readonly pattern: string | undefined;
  readonly enum: readonly string[] | undefined;
  /** True for timestamps as ISO 8601. Others are seconds since 1970. */
  readonly isIso: boolean;
  /** True for raw bodies and event streams. */
  readonly isStreaming: boolean;
  readonly isError: boolean;

  readonly #entry: ShapeEntry;
  readonly #resolve: (name: string) => Schema;
  #members: ReadonlyMap<string, Member> | undefined;
  #bodyNames: ReadonlySet<string> | undefined;

  constructor(name: string, entry: ShapeEntry, resolve: (name: string) => Schema) {
    this.name = name;
    this.type = entry.type;
    this.isSensitive = entry.sensitive ?? false;
    this.min = entry.min;
    this.max = entry.max;
    this.pattern = entry.pattern;
    this.enum = entry.enum;
    this.isIso = entry.isIso ?? false;
    this.isStreaming = entry.isStreaming ?? false;
    this.isError = entry.isError ?? false;
    this.#entry = entry;
    this.#resolve = resolve;
  }

  /** The values of a list or map. */
  get each(): Schema {
    return this.#resolve(this.#entry.each!);
  }

  /** The keys of a map. */
  get key(): Schema {
    return this.#resolve(this.#entry.key!);
  }

  /** The members of a structure or union, by name, in the order of the model. */
  get members(): ReadonlyMap<string, Member> {
    return (this.#members ??= this.#resolveMembers());
  }

  /** The names of all members in a JSON body. */
  get bodyNames(): ReadonlySet<string> {
    return (this.#bodyNames ??= new Set(
      [...this.members.values()]
        .filter(({ location }) => location === 'body')
        .map(({ wireName }) => wireName),
    ));
  }

  /** The member that is the whole body, if there is one. */
  get payload(): Member | undefined {
    return [...this.members.values()].find(({ location }) => location === 'payload');
  }

  #resolveMembers(): ReadonlyMap<string, Member> {
    const { members = {}, required = [] } = this.#entry;
    return new Map(
      Object.entries(members).map(([name, entry]) => {
        const {
          shape,
          in: location = 'body',
          name: wireName = name,
          isToken = false,
        } = typeof entry === 'string' ? { shape: entry } : entry;
        const schema = this.#resolve(shape);
        const isRequired = required.includes(name);
        const member = { name, schema, isRequired, location, wireName, isToken };
        // Node writes the names of received headers in lower case.
        if (location === 'header') member.wireName = wireName.toLowerCase();
        return [name, member];
      }),
    );
  }
}
