/** Why a row is left out, in the order in which the rules are asked. */
export type DropCode =
  | 'person_rejected'
  | 'check_failed'
  | 'unchecked'
  | 'too_many_warnings'
  | 'judge_failed'
  | 'unjudged'
  | 'source_refused'
  | 'licence_refused'
  | 'licence_not_allowed'
  | 'licence_unknown'
  | 'message_count'
  | 'call_count'
  | 'too_few_patterns'
  | 'personal_data'
  | 'too_many_tokens'
  | 'contaminated'
  | 'duplicate_id'
  | 'duplicate_row'
  | 'duplicate_passage'
  | 'near_duplicate_passage'
  | 'near_duplicate_row'
  | 'cap_source'
  | 'cap_tool_set'
  | 'cap_licence'
  | 'cap_domain'
  | 'pattern_share';

/** A row's fate. `against` is the id of a kept row: the one it is a duplicate of. */
export type Decision = { id: string; kept: true } | ({ id: string; kept: false } & Drop);

export interface Drop {
  code: DropCode;
  text: string;
  against: string | null;
  /** The similarity of a duplicate (0 to 1), the cap, or the share; null where the rule has no number. */
  value: number | null;
}
