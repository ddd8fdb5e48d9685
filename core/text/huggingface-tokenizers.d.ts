// The package's own declarations import one another without file endings, which nodenext does not resolve.
declare module '@huggingface/tokenizers' {
  export class Tokenizer {
    /** `tokenizer` is a tokenizer.json; `config` a tokenizer_config.json. */
    constructor(tokenizer: object, config: object);
    normalizer: ((text: string) => string) | null;
    pre_tokenizer: PreTokenizer | null;
    model: Model | null;
    encode(text: string, options?: { add_special_tokens?: boolean }): { ids: number[] };
  }

  export type PreTokenizer = (text: string) => string[];
  export class SequencePreTokenizer {
    tokenizers: (PreTokenizer | null)[];
  }
  export interface SequencePreTokenizer extends PreTokenizer {}
  export class SplitPreTokenizer {
    pattern: RegExp | null;
    config: { behavior?: string; invert?: boolean };
  }
  export interface SplitPreTokenizer extends PreTokenizer {}
  export class ByteLevelPreTokenizer {
    add_prefix_space: boolean;
    use_regex: boolean;
  }
  export interface ByteLevelPreTokenizer extends PreTokenizer {}

  export type Model = (words: string[]) => string[];
  export class BPE {
    fuse_unk: boolean;
    tokens_to_ids: Map<string, number>;
    unk_token_id?: number;
  }
  export interface BPE extends Model {}
}
