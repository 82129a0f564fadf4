import { Option, type Command } from 'commander'
import { InputError } from '../../../errors.ts'
import { applicationArgument } from '../../clone/application-argument.ts'
import type { Surroundings } from '../../../surroundings.ts'

type GenerateFlags = Readonly<{
  directory: string
  explain?: true
  format?: 'text' | 'json'
  render?: string
}>

/** Declares `sower generate`. */
export const registerGenerateCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('generate')
    .description('render a kustomization as Argo CD gets it: kustomize build, then the guards')
    .argument('[directory]', 'the application path, relative to -C', '.')
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
    .option('--explain', 'show what each guard says, instead of the render')
    .addOption(
      new Option('--format <format>', 'the format of it (default: text)').choices(['text', 'json']),
    )
    .option('--render <mode>', 'as one build (plain), in shards, or both compared (verify)')
    .action(async (path: string, flags: GenerateFlags) => {
      const { explain = false, format, render: mode } = flags
      if (format !== undefined && !explain)
        throw new InputError('ARGUMENT_INVALID', 'reading --format: a render has one format', {
          fix: 'leave it out, or add --explain',
        })
      const { runGenerate } = await import('../../../../plugin/run-generate.ts')
      await runGenerate(surroundings, {
        directory: applicationArgument(flags.directory, path),
        explain: explain ? (format ?? 'text') : null,
        mode,
      })
    })
}
