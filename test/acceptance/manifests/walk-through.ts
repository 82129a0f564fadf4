import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import type { Manifest } from '../../support/manifests/reference-faults.ts'
import { home, kustomizePlaces, runSower } from '../../support/run-sower.ts'

const textOf = (...path: readonly string[]): string => readFileSync(join(home, ...path), 'utf8')
const page = textOf('docs', 'install.md')

/** The commands of the page, without comments; a name that stands for one of the reader's own is left as it is. */
const commands = [...page.matchAll(/```sh\n([^]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .concat([...page.matchAll(/`((?:sower|oc|openssl) [^`]+)`/g)].map(([, command = '']) => command))
  .map(line => line.replace(/\s+#\s.*$/, '').trim())
  .filter(line => line !== '')

const wordAfter = (flag: string, words: readonly string[]): string =>
  words[words.indexOf(flag) + 1] ?? ''

/** The objects of the overlay that stands for the reader's own. */
const installed = async (): Promise<readonly Manifest[]> =>
  parseAllDocuments(
    await kustomizeCli(kustomizePlaces, { timeLimit: 60 }).build(
      resolve(home, 'manifests', 'overlays', 'openshift-gitops'),
    ),
  ).map(document => document.toJS() as Manifest)

/** How each program of the page is checked; what is wrong with a command, in words. */
const checks: Readonly<Record<string, (words: readonly string[]) => Promise<string>>> = {
  docker: async ([verb, ...words]) => {
    if (verb === 'push') return ''
    const file = wordAfter('-f', words)
    if (!existsSync(join(home, file))) return `there is no ${file}`
    const target = wordAfter('--target', words)
    return new RegExp(`^FROM .* AS ${target}$`, 'm').test(textOf(file)) ? '' : `no stage ${target}`
  },
  openssl: async words => (words.join(' ').startsWith('rand -hex 32') ? '' : 'a short secret'),
  sower: async ([name = '', ...words]) => {
    const { exitCode, stdout } = await runSower([name, '--help'])
    if (exitCode !== 0) return `there is no command ${name}`
    const flags = words.filter(word => word.startsWith('-'))
    const wrong = flags.find(flag => !new RegExp(`^ .*${flag}(?![\\w-])`, 'm').test(stdout))
    return wrong === undefined ? '' : `${name} has no ${wrong}`
  },
  oc: async words => {
    const objects = await installed()
    const has = (kind: string, name: string): boolean =>
      objects.some(
        object => object.kind.toLowerCase() === kind && object.metadata.name === name,
      )
    const [verb, kind = '', name = ''] = words.filter(
      (word, index) => !word.startsWith('-') && words[index - 1] !== '-n',
    )
    if (words.includes('-n') && wordAfter('-n', words) !== 'sower') return 'another namespace'
    switch (verb ?? '') {
      case 'apply':
      case 'delete':
        return words.includes('-k') ? '' : 'no kustomization'
      case 'create': {
        if (kind === 'namespace')
          return JSON.stringify(objects).includes(`"${name}"`) ? '' : `nobody uses ${name}`
        const [, secret = ''] = [name, words[words.indexOf('generic') + 1]]
        const keys = words.flatMap(word => /^--from-file=([^=]+)=/.exec(word)?.[1] ?? [])
        const bot = JSON.stringify(objects.find(object => object.kind === 'Deployment'))
        if (!bot.includes(`"secretName":"${secret}"`)) return `${secret} is not mounted`
        const read = [...bot.matchAll(/\/var\/run\/sower\/github\/([\w-]+)/g)].map(([, key]) => key)
        const same = keys.toSorted().join() === [...new Set(read)].toSorted().join()
        return same ? '' : `the bot reads ${read.join()} of ${keys.join()}`
      }
      case 'rollout': {
        const [of = '', named = ''] = name.split('/')
        return has(of, named) ? '' : `there is no ${name}`
      }
      case 'logs': {
        const [of = '', named = ''] = kind.split('/')
        return has(of, named) ? '' : `there is no ${kind}`
      }
      case 'get':
        if (name !== '') return has(kind, name) ? '' : `there is no ${kind} ${name}`
        return kind === 'pods' || JSON.stringify(objects).includes(`"plural":"${kind}"`)
          ? ''
          : `the hub does not know ${kind}`
      default:
        return `unknown: oc ${verb}`
    }
  },
}

t.test('each command of the installation is one that there is, for what there is', async t => {
  t.ok(commands.length >= 15)
  for (const command of commands) {
    const [program = '', ...words] = command.split(/\s+/)
    const check = checks[program]
    t.equal(check ? await check(words) : `${program} is not checked`, '', command)
  }
})

t.test('the installation names the version that there is', t => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string }
  const named = [...page.matchAll(/(?:ref=v|newTag: |bot:)(\d[\w.]*)/g)].map(([, one]) => one)
  t.ok(named.length >= 4)
  t.strictSame([...new Set(named)], [version])
  t.end()
})
