import { z } from 'zod';

/** A program that trains. The names are those of the folders that `gem-traj distill` writes for them. */
export const TrainerName = z.enum(['trl', 'llamafactory', 'swift', 'axolotl']);
export type TrainerName = z.infer<typeof TrainerName>;

const Count = z.number().int().positive();

/** All weights, or small matrices beside the linear layers (LoRA). */
const Method = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('full') }),
  z.strictObject({
    kind: z.literal('lora'),
    r: Count.default(16).describe('Rank'),
    alpha: Count.default(32).describe('Scale: the update is multiplied by alpha / r'),
    dropout: z.number().min(0).max(1).default(0),
    targets: z
      .union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)])
      .default('all-linear')
      .describe('Layers that get an adapter'),
  }),
]);

/** A model that scripts of this package put on the disk, where no model hub is at hand. */
export const MadeModel = z.enum(['tiny_qwen3', 'smollm2_135m']);
export type MadeModel = z.infer<typeof MadeModel>;

/** A training, said without the words of any one trainer: configs/recipes/NAME.yaml, or the user's own file. */
export const Recipe = z
  .strictObject({
    description: z.string().default(''),
    model: z
      .union([z.string().min(1), z.strictObject({ made_by: MadeModel })])
      .describe('A folder, a name on the hub, or made_by: one that a script of this package makes'),
    revision: z.string().min(1).optional().describe('Of a model on the hub'),
    chat_template: z
      .enum(['qwen3', 'smollm2'])
      .default('qwen3')
      .describe('For trainers that bring templates of their own'),
    task: z.enum(['synthesizer', 'agent']).describe('What the dataset must be made for'),
    method: Method,
    trainer: TrainerName,
    python: z
      .partialRecord(TrainerName, z.string().min(1))
      .default({})
      .describe("A trainer's Python: a name under .venvs, an environment's folder, or a program"),
    device: z.enum(['gpu', 'cpu']).default('gpu'),
    nodes: Count.default(1),
    gpus: Count.default(1).describe('GPUs of each node; on a CPU, processes'),
    learning_rate: z.number().positive(),
    warmup_ratio: z.number().min(0).max(0.99).default(0).describe('Share of all steps'),
    scheduler: z.enum(['cosine', 'linear', 'constant', 'constant_with_warmup']).default('cosine'),
    epochs: z.number().positive().optional().describe('Give this or max_steps'),
    max_steps: Count.optional(),
    batch_size: Count.describe('Rows of one step, over all GPUs: nodes x gpus x micro_batch x n'),
    micro_batch: Count.default(1).describe('Rows that a GPU takes at a time'),
    max_length: Count.describe('Tokens of a row; longer rows would be cut'),
    weight_decay: z.number().min(0).default(0),
    max_grad_norm: z.number().positive().default(1),
    precision: z.enum(['bf16', 'fp32']).default('bf16'),
    sharding: z
      .enum(['none', 'zero3', 'fsdp2'])
      .default('none')
      .describe('Weights, gradients and optimiser shared among the GPUs'),
    packing: z.boolean().default(false).describe('Several rows in one sequence'),
    attention: z.enum(['sdpa', 'flash_attention_2', 'eager']).default('sdpa'),
    activation_checkpointing: z.boolean().default(true),
    fused_loss: z
      .boolean()
      .default(false)
      .describe(
        'The loss without all logits in memory; TRL always does it, others by liger-kernel',
      ),
    assistant_only_loss: z.boolean().default(true).describe('Loss on what the model is to write'),
    seed: z.number().int().min(0).default(42),
    logging_steps: Count.default(1),
    save_steps: Count.default(50),
    keep_checkpoints: Count.default(2),
    eval_steps: Count.nullable()
      .default(null)
      .describe('Loss on the validation split; null: never'),
  })
  .superRefine((recipe, { addIssue }) => {
    for (const [path, message] of contradictions(recipe))
      addIssue({ code: 'custom', path: [path], message });
  });
export type Recipe = z.infer<typeof Recipe>;

function contradictions(recipe: Omit<z.input<typeof Recipe>, never>): [string, string][] {
  const { epochs, max_steps, device, sharding, precision, packing, attention, method } = recipe;
  const found: [string, string | false][] = [
    ['epochs', epochs === undefined && max_steps === undefined && 'give epochs or max_steps, one'],
    [
      'epochs',
      epochs !== undefined &&
        max_steps !== undefined &&
        `give epochs or max_steps, one: here are epochs ${epochs} and max_steps ${max_steps}; --set epochs=null (or max_steps=null) takes one away`,
    ],
    ['sharding', device === 'cpu' && sharding !== 'none' && 'it must be none on a CPU'],
    ['precision', device === 'cpu' && precision !== 'fp32' && 'it must be fp32 on a CPU'],
    [
      'attention',
      device === 'cpu' && attention === 'flash_attention_2' && 'flash attention needs a GPU',
    ],
    [
      'packing',
      packing === true &&
        attention !== 'flash_attention_2' &&
        'it needs attention: flash_attention_2; with others, rows in one sequence would see each other',
    ],
    [
      'sharding',
      sharding === 'zero3' &&
        precision === 'fp32' &&
        method.kind === 'full' &&
        'zero3 needs precision: bf16',
    ],
  ];
  return found.filter((entry): entry is [string, string] => entry[1] !== false);
}
