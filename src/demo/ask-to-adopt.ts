import { join } from 'node:path'
import { execa } from 'execa'
import { openFolder } from '../adapters/files/open-folder.ts'
import { FailedError } from '../errors.ts'
import type { Sandbox } from '../sandbox/start-sandbox.ts'
import type { Demo } from './demo.ts'

/**
 * As the person: saves the access to a seed that no hub manages, and asks on the command line for a run that adopts it.
 * Returns the number of the pull request. Throws FailedError DEMO_FAILED where a command fails.
 */
export const askToAdopt = async (demo: Demo, sandbox: Sandbox): Promise<number> => {
  const { cluster, directory, emit, version } = demo
  const seed = sandbox.seeds.get(cluster)
  const home = openFolder(join(directory, 'person'))
  home.write('hub.kubeconfig', sandbox.hubKubeconfig, 0o600)
  home.write('seed.kubeconfig', seed?.kubeconfig ?? '', 0o600)
  home.write('token', demo.tokens.ada, 0o600)
  const access = [
    ...['access', 'save', '--kubeconfig', 'hub.kubeconfig'],
    ...['--seed-kubeconfig', 'seed.kubeconfig', cluster],
  ]
  emit({
    event: 'act',
    actor: 'person',
    message: `saves the access to it: sower ${access.join(' ')}`,
  })
  await run(demo, access)
  const image = `${sandbox.registry.host}/ibu/${cluster}:${version}`
  const request = ['request', cluster, '--adopt', '--image', image]
  emit({ event: 'act', actor: 'person', message: `asks for it: sower ${request.join(' ')}` })
  const said = await run(demo, [
    ...request,
    ...['--repository', 'example/ztp', '--token-file', 'token'],
    ...['--api-url', sandbox.gitHub.url, '--git-url', sandbox.gitHub.gitUrl],
  ])
  const number = /^asked for .*: #(\d+) /m.exec(said)?.[1]
  if (number === undefined)
    throw new FailedError('DEMO_FAILED', `asking for ${cluster}: no pull request is named`)
  return Number(number)
}

const run = async (
  { surroundings, program, directory, environment }: Demo,
  words: readonly string[],
): Promise<string> => {
  const { exitCode, stdout, stderr } = await execa(surroundings.node, [program, ...words], {
    ...{ cwd: join(directory, 'person'), extendEnv: false, env: environment, reject: false },
    stripFinalNewline: false,
  })
  if (exitCode === 0) return stdout
  throw new FailedError('DEMO_FAILED', `sower ${words[0] ?? ''}: ${stderr}`)
}
