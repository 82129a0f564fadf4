import type { Command } from 'commander'
import { InputError } from '../../../errors.ts'
import { applicationArgument } from '../../clone/application-argument.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type GenerateFlags = Readonly<{
  directory: string
  explain?: true
  output: OutputForm
  render?: string
}>

/** Declares `sower generate`. */
export const registerGenerateCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('generate')
    .description('render a kustomization as Argo CD gets it: kustomize build, then the guards')
    .argument('[directory]', 'the application path, relative to -C', '.')
    .option('-C, --directory <directory>', 'a directory of the repository', '.')
    .option('--explain', 'show what each guard says, instead of the render; -o says how')
    .option(
      '--render <mode>',
      'plain (one build), shards, or verify (both, compared); default: shards',
    )
  outputFlag(command).action(async (path: string, flags: GenerateFlags) => {
    const { explain = false, output, render: mode } = flags
    if (output !== 'text' && !explain)
      throw new InputError('ARGUMENT_INVALID', 'reading -o: a render has one format', {
        fix: 'leave it out, or add --explain',
      })
    const { runGenerate } = await import('../../../../plugin/run-generate.ts')
    await runGenerate(surroundings, {
      directory: applicationArgument(flags.directory, path),
      explain: explain ? await printer(output) : null,
      mode,
    })
  })
}

/** Loaded only for an explanation: a render shall begin soon. */
const printer = async (output: OutputForm) => {
  const { printAs } = await import('../../output/print-as.ts')
  return (document: object, text: () => string): string => printAs(output, document, text)
}
