import type { Pattern } from '../../core/taxonomy.ts';
import type { Finding } from '../../core/trajectory.ts';
import type { Workflow } from '../../core/workflow.ts';
import type { ToolSchema } from './tool-schema.ts';

/** `gem`: our own rows; `foreign`: anybody's, where our house rules are at most warnings. */
type Profile = 'gem' | 'foreign';

export interface CheckContext {
  /** A Conversation, or what a file has in its place: members that do not fit end as findings. */
  conversation: { readonly messages: readonly unknown[]; readonly tools: readonly unknown[] };
  /** Whether refinement was on: only then must a turn hold one call and no text beside it. */
  refined: boolean;
  profile: Profile;
  /** An English name or an ISO 639 code; null leaves the language unchecked. */
  language: string | null;
  workflow?: Workflow | undefined;
  /** The patterns that generation was asked for. */
  patterns?: readonly Pattern[] | undefined;
  /** The text that the row was made from: what stands in it is no placeholder. */
  passage?: string | undefined;
}

/** A place where a check found what it looks for; the code and the severity are the check's. */
export type Hit = Pick<Finding, 'message_index' | 'path' | 'text'>;

/** A hit that an analysis found, by the code of the check that reports it. */
export interface Problem extends Hit {
  code: string;
}

export interface RowTool {
  index: number;
  name: string;
  description: string;
  schema: ToolSchema;
}

export interface RowCall {
  message: number;
  /** Its place in the message: `tool_calls[0]`. */
  path: string;
  id: string;
  name: string;
  /** The arguments as they were written. */
  text: string;
}

export interface RowMessage {
  index: number;
  role: string;
  /** Empty where there is none. */
  content: string;
  calls: readonly RowCall[];
  /** The call that a tool message answers. */
  callId: string;
}

/** A conversation read for the checks: whatever it was, these members hold what was usable of it. */
export interface Row {
  context: CheckContext;
  messages: readonly RowMessage[];
  tools: readonly RowTool[];
  /** The first tool of each name. */
  toolsByName: ReadonlyMap<string, RowTool>;
  calls: readonly RowCall[];
  /** What the analyses found, by code. */
  problems: ReadonlyMap<string, readonly Hit[]>;
}
