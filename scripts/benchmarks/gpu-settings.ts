/** What is trained, and in which precision the weights, gradients and moments are held. */
export const METHODS = ['lora', 'full-bf16', 'full'] as const;
export type Method = (typeof METHODS)[number];

/** The flags whose effect is measured. */
interface Flags {
  attention: 'sdpa' | 'flash_attention_2';
  checkpointing: boolean;
  /** All logits at once, pieces of 1,024 tokens, or liger-kernel with all that it has for this model. */
  loss: 'whole' | 'pieces' | 'liger';
  /** Rows of a quarter of the length, four in a sequence. */
  packed: boolean;
}

/** One line of the table. */
export interface Setting extends Flags {
  variant: string;
  method: Method;
  /** Tokens of the sequence. */
  length: number;
}

const BASE: Flags = { attention: 'sdpa', checkpointing: true, loss: 'pieces', packed: false };
const FLASH: Flags = { ...BASE, attention: 'flash_attention_2' };

/** One flag changed at a time, then those together that make sense together. */
export const VARIANTS: Readonly<Record<string, Flags>> = {
  base: BASE,
  whole: { ...BASE, loss: 'whole' },
  liger: { ...BASE, loss: 'liger' },
  kept: { ...BASE, checkpointing: false },
  flash: FLASH,
  'flash-packed': { ...FLASH, packed: true },
  'flash-liger': { ...FLASH, loss: 'liger' },
  'flash-liger-kept': { ...FLASH, loss: 'liger', checkpointing: false },
};

/** Every variant of every method at every length. */
export function settingsOf(
  lengths: readonly number[],
  methods: readonly Method[],
  variants: readonly string[],
): Setting[] {
  return lengths.flatMap((length) =>
    methods.flatMap((method) =>
      variants.map((variant) => ({ variant, method, length, ...(VARIANTS[variant] ?? BASE) })),
    ),
  );
}

/** As a recipe says it. TRL takes the loss in pieces by itself, so `fused_loss` is true of both. */
export function asRecipe({ attention, checkpointing, loss, packed }: Setting): string {
  const keys = {
    attention,
    activation_checkpointing: checkpointing,
    fused_loss: loss !== 'whole',
    packing: packed,
  };
  return Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
}
