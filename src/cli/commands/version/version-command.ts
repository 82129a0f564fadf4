import { stringify } from 'yaml'
import { InputError } from '../../../errors.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'

/**
 * `sower version`: the versions of Sower, kustomize and git; null for a program that is not there. Throws InputError
 * ARGUMENT_INVALID for another form of output.
 */
export const versionCommand = async (
  surroundings: Surroundings,
  { output, sower }: Readonly<{ output: string; sower: string }>,
): Promise<void> => {
  if (!['text', 'json', 'yaml'].includes(output))
    throw new InputError('ARGUMENT_INVALID', `reading -o: ${output} is not an output format`, {
      fix: 'give text, json or yaml',
    })
  const kustomize = await composeKustomize(surroundings)
  const { runGit } = await import('../../../adapters/git/run-git.ts')
  const { directory, environment } = surroundings
  const place = { directory, environment: { PATH: environment['PATH'] ?? '', LC_ALL: 'C' } }
  const versions = {
    sower,
    kustomize: await asked(() => kustomize.version()),
    git: await asked(async () =>
      (await runGit(place, ['--version'])).toString('utf8').trim().replace('git version ', ''),
    ),
  }
  surroundings.print(
    output === 'json'
      ? `${JSON.stringify(versions, null, 2)}\n`
      : output === 'yaml'
        ? stringify(versions)
        : Object.entries(versions)
            .map(([name, version]) => `${name.padEnd(10)}${version ?? 'not found'}\n`)
            .join(''),
  )
}

const asked = async (ask: () => Promise<string>): Promise<string | null> => {
  try {
    return await ask()
  } catch {
    return null
  }
}
