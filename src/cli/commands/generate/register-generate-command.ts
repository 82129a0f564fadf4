import { Option, type Command } from 'commander'
import { InputError } from '../../../errors.ts'
import type { Surroundings } from '../../../surroundings.ts'

type GenerateFlags = Readonly<{ explain?: true; format?: 'text' | 'json'; render?: string }>

/** Declares `sower generate`. */
export const registerGenerateCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('generate')
    .description('render a kustomization as Argo CD gets it: kustomize build, then the guards')
    .argument('[directory]', 'the application path', '.')
    .option('--explain', 'tell what each guard says, instead of the render')
    .addOption(
      new Option('--format <format>', 'how to tell it (default: text)').choices(['text', 'json']),
    )
    .option('--render <mode>', 'as one build (plain), in shards, or both compared (verify)')
    .action(async (directory: string, options: GenerateFlags) => {
      const { explain = false, format, render: mode } = options
      if (format !== undefined && !explain)
        throw new InputError('ARGUMENT_INVALID', 'reading --format: a render has one format', {
          fix: 'leave it out, or add --explain',
        })
      const { runGenerate } = await import('../../../../plugin/run-generate.ts')
      await runGenerate(surroundings, {
        directory,
        explain: explain ? (format ?? 'text') : null,
        mode,
      })
    })
}
