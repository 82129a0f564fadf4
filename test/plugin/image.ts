import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { home } from '../support/run-sower.ts'

type Instruction = Readonly<{ name: string; words: string }>
type Stage = Readonly<{ name: string; base: string; instructions: readonly Instruction[] }>

/** The instructions of a Containerfile, without comments, each on one line. */
const instructionsOf = (text: string): readonly Instruction[] =>
  text
    .replace(/^[ \t]*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [, name = '', words = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? []
      return { name, words }
    })

const stagesOf = (instructions: readonly Instruction[]): readonly Stage[] => {
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []))
  return starts.map((start, index) => {
    const [, base = '', name = ''] = /^(\S+) AS (\S+)$/.exec(instructions[start]?.words ?? '') ?? []
    return { name, base, instructions: instructions.slice(start + 1, starts[index + 1]) }
  })
}

const text = readFileSync(join(home, 'plugin', 'Containerfile'), 'utf8')
const instructions = instructionsOf(text)
const stages = stagesOf(instructions)
const stage = (name: string): Stage => {
  const found = stages.find(stage => stage.name === name)
  if (!found) throw new Error(`there is no stage ${name}`)
  return found
}
const of = (name: string, { instructions }: Pick<Stage, 'instructions'>): readonly string[] =>
  instructions.filter(instruction => instruction.name === name).map(({ words }) => words)
const known = [
  'ARG',
  'FROM',
  'WORKDIR',
  'COPY',
  'RUN',
  'ENV',
  'USER',
  'EXPOSE',
  'ENTRYPOINT',
  'CMD',
]

t.test('the images are built in stages on one pinned base', t => {
  t.same(
    stages.map(({ name, base }) => [name, base]),
    [
      ['build', '${NODE_IMAGE}'],
      ['runtime', '${NODE_IMAGE}'],
      ['bot', 'runtime'],
      ['plugin', 'runtime'],
    ],
  )
  const [first, ...others] = of('ARG', { instructions })
  t.match(
    first,
    /^NODE_IMAGE=docker\.io\/library\/node:2[24]\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/,
  )
  t.same(others, [], 'nothing else can be passed in')
  for (const { name } of instructions) t.ok(known.includes(name), `${name} is expected`)
  t.end()
})

t.test('what is built comes from the lock file, and nothing from elsewhere', t => {
  const build = stage('build')
  t.ok(of('RUN', build).some(command => /^npm ci( |$)/.test(command)))
  t.ok(of('RUN', build).includes('node scripts/fetch-kustomize.js'), 'its digest is verified')
  t.match(
    readFileSync(join(home, 'scripts', 'fetch-kustomize.js'), 'utf8'),
    /digest !== '[0-9a-f]{64}'/,
  )
  for (const command of of('RUN', { instructions })) {
    // A file of Debian's archive by its digest, for the day on which its servers have withdrawn that version.
    const others = command.replace(/https:\/\/snapshot\.debian\.org\/file\/[0-9a-f]{40}/, '')
    if (others !== command) t.match(command, /echo '[0-9a-f]{64} .*\| sha256sum --check --strict/)
    t.notMatch(others, /curl|wget|npm (?:i|install)\b|npx|https?:|\| *(?:ba)?sh\b/, command)
  }
  // The clone is copied part by part: no .git, no .env, no node_modules.
  const copied = of('COPY', build).flatMap(words => words.split(' ').slice(0, -1))
  for (const path of copied) {
    t.notMatch(path, /^\.?\/?$|^\.git|^\.env|^node_modules|\*/, path)
    t.ok(existsSync(join(home, path)), `${path} is there`)
  }
  for (const path of ['package-lock.json', 'scripts/build.js', 'scripts/fetch-kustomize.js', 'src'])
    t.ok(copied.includes(path), path)
  for (const name of ['runtime', 'bot', 'plugin'])
    for (const words of of('COPY', stage(name))) t.match(words, /^--from=build /)
  t.notMatch(text.replace(/secret$/gm, ''), /token|password|secret=|NPM_CONFIG|registry=/i)
  t.end()
})

t.test('both images run as any user of group 0 and write to /tmp only', t => {
  for (const name of ['bot', 'plugin']) t.same(of('USER', stage(name)), ['999:0'], name)
  t.same(of('USER', stage('runtime')), [])
  const [environment = ''] = of('ENV', stage('runtime'))
  t.match(environment, /\bHOME=\/tmp\b/)
  t.match(environment, /\bTMPDIR=\/tmp\b/)
  t.match(environment, /\bSOWER_KUSTOMIZE=\/usr\/local\/bin\/kubectl\b/)
  const assemble = of('RUN', stage('build')).at(-1) ?? ''
  t.match(assemble, /chmod -R a\+rX,u\+w,go-w \/image \/plugin/, 'whatever modes the clone has')
  t.match(assemble, /cp -R package\.json LICENSE dist \/image\/opt\/sower\//)
  t.match(assemble, /ln -s \/opt\/sower\/dist\/sower\.js \/image\/usr\/local\/bin\/sower /)
  t.match(assemble, /chmod 0755 \/image\/opt\/sower\/dist\/sower\.js/)
  t.match(readFileSync(join(home, 'dist', 'sower.js'), 'utf8'), /^#!\/usr\/bin\/env node\n/)
  t.end()
})

t.test(
  'the runtime has setpriv and prlimit, and only the bot has git, pinned by its checksum',
  t => {
    const installs = (name: string): string => of('RUN', stage(name)).join('\n')
    t.match(
      installs('runtime'),
      /^setpriv .*prlimit .*kubectl version --client && sower --version$/m,
    )
    const [, version = ''] = / 'git=1:([^']+)' /.exec(installs('bot')) ?? []
    t.match(
      installs('bot'),
      new RegExp(
        `echo '[0-9a-f]{64}  git_1%3a${version.replaceAll('.', '\\.').replace('+', '\\+')}_amd64\\.deb' \\| sha256sum --check --strict && apt-get install .* ca-certificates \\./git_\\*\\.deb `,
      ),
    )
    for (const name of ['runtime', 'plugin']) t.notMatch(installs(name), /git|apt-get/, name)
    t.end()
  },
)

t.test('the plugin is started by the server that Argo CD mounts', t => {
  const plugin = stage('plugin')
  t.same(of('ENTRYPOINT', plugin), ['["/var/run/argocd/argocd-cmp-server"]'])
  t.same(of('CMD', plugin), [])
  t.same(of('COPY', plugin), ['--from=build /plugin/ /'])
  t.match(
    of('RUN', stage('build')).at(-1),
    /cp plugin\/plugin\.yaml \/plugin\/home\/argocd\/cmp-server\/config\/plugin\.yaml/,
  )
  t.same(of('ENTRYPOINT', stage('bot')), ['["/usr/local/bin/sower"]'])
  t.same(of('CMD', stage('bot')), ['["bot"]'])
  t.end()
})
