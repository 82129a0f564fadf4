import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import t from 'tap'
import { botFlags } from '../../../src/bot/bot-options.ts'
import { registerBotCommand } from '../../../src/cli/commands/bot/register-bot-command.ts'
import { registerCheckCommand } from '../../../src/cli/commands/check/register-check-command.ts'
import { registerDemoCommand } from '../../../src/cli/commands/demo/register-demo-command.ts'
import { registerEditCommands } from '../../../src/cli/commands/detach/register-edit-commands.ts'
import { registerGenerateCommand } from '../../../src/cli/commands/generate/register-generate-command.ts'
import { registerInspectCommand } from '../../../src/cli/commands/inspect/register-inspect-command.ts'
import { registerInventoryCommand } from '../../../src/cli/commands/inventory/register-inventory-command.ts'
import { registerRehearseCommand } from '../../../src/cli/commands/rehearse/register-rehearse-command.ts'
import { registerScanCommand } from '../../../src/cli/commands/scan/register-scan-command.ts'
import { registerSealCommand } from '../../../src/cli/commands/seal/register-seal-command.ts'
import { registerStatusCommand } from '../../../src/cli/commands/status/register-status-command.ts'
import { createRedactor } from '../../../src/redact/redactor.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { home, shell } from '../../support/run-sower.ts'
import { surroundings } from '../../support/surroundings.ts'

/** All commands on a program of ours, which neither ends this process nor prints. */
const declare = async (
  directory: string,
  environment: Readonly<Record<string, string>> = {},
  words: readonly string[] = ['bot'],
): Promise<Command> => {
  const { given } = surroundings({ directory, environment: { ...shell(), ...environment } })
  const redactor = createRedactor()
  const silent = { writeErr: () => undefined, writeOut: () => undefined }
  const program = new Command().exitOverride().configureOutput(silent)
  registerGenerateCommand(program, given)
  registerInventoryCommand(program, given)
  registerEditCommands(program, given)
  registerStatusCommand(program, given, redactor)
  registerScanCommand(program, given)
  registerCheckCommand(program, given)
  registerSealCommand(program, given)
  registerInspectCommand(program, given)
  await registerBotCommand(program, { surroundings: given, redactor, words })
  registerDemoCommand(program, given)
  registerRehearseCommand(program, given)
  return program
}
const named = (program: Command, name: string): Command =>
  program.commands.find(command => command.name() === name) ?? new Command('there is none')

const editing = [
  '-C, --directory <directory>',
  '--root <directory>',
  '--accept-static-proof',
  '--render <mode>',
  '-o, --output <format>',
  '--json',
]
const output = ['-o, --output <format>', '--json']
const detaching = ['--delete', '--with-companions', '--companions']
const hub = ['--kubeconfig <file>', '--context <name>']
const watching = ['--seed-kubeconfig <file>', '-n, --namespace <namespace>', '--interval <seconds>']
const writing = ['--commit', '--dry-run']

t.test('each command has its arguments and its flags', async t => {
  const program = await declare(home)
  const declared = Object.fromEntries(
    program.commands.map(command => [
      `${command.name()} ${command.usage().replace('[options] ', '')}`,
      command.options.map(({ flags, mandatory }) => (mandatory ? `${flags}!` : flags)),
    ]),
  )
  t.strictSame(declared, {
    'generate [directory]': [
      ...['-C, --directory <directory>', '--explain'],
      '--render <mode>',
      ...output,
    ],
    'inventory [directory]': ['-C, --directory <directory>', '--write', ...output],
    'plan <cluster>': [...editing, ...detaching],
    'detach <cluster>': [...editing, ...detaching, ...writing],
    'reattach <cluster>': [
      ...editing,
      '--i-understand-this-may-reinstall',
      '--with-companions',
      ...writing,
    ],
    'status [cluster...]': [
      ...['-C, --directory <directory>', ...hub, '--data <directory>'],
      ...['--watch', ...watching, ...output],
    ],
    'wait <cluster>': [
      ...['-C, --directory <directory>', ...hub, ...watching],
      ...['--timeout <minutes>', ...output],
    ],
    'rehearse <cluster>': ['-C, --directory <directory>', '--keep <directory>', ...output],
    'check [options]': [
      ...['--base <revision>!', '--head <revision>'],
      ...['-C, --directory <directory>', ...output],
    ],
    'scan [options]': [
      ...['-C, --directory <directory>', '--base <revision>', '--head <revision>'],
      ...['--staged', ...output],
    ],
    'seal [options]': [
      ...['--authfile <file>!', '--image <reference>!', '--cert <file or URL>!'],
      '-C, --directory <directory>',
      ...['-n, --namespace <namespace>', '--name <name>', '--scope <scope>'],
      ...['-o, --output <file>', ...hub],
    ],
    'inspect <file>': [
      '-C, --directory <directory>',
      '--cert <file or URL>',
      '--image <reference>',
      ...hub,
      ...output,
    ],
    'bot [options]': [
      '--app-manifest',
      '--once',
      ...botFlags.map(
        ({ short, flag, value, isRequired }) =>
          `${short ? `${short}, ` : ''}${flag} ${value}`.trimEnd() + (isRequired ? '!' : ''),
      ),
    ],
    'demo [options]': ['--scenario <name>', '--keep <directory>', ...output],
  })
})

t.test('each flag of each command stands in the documentation', async t => {
  const docs = readdirSync(join(home, 'docs')).filter(name => name.endsWith('.md'))
  const text = ['README.md', ...docs.map(name => join('docs', name))]
    .map(path => readFileSync(join(home, path), 'utf8'))
    .join('\n')
  const { commands } = await declare(home)
  for (const command of commands)
    for (const { long } of command.options)
      t.match(text, new RegExp(`${long ?? ''}(?![-\\w])`), `${command.name()} ${long ?? ''}`)
})

t.test('a value that the environment gives is the default, and an empty one is none', async t => {
  const environment = { SOWER_KUBECONFIG: 'hub', SOWER_DATA: 'data', SOWER_BRANCH: 'trunk' }
  const program = await declare(home, environment)
  const defaultOf = (command: string, option: string): unknown =>
    named(program, command).getOptionValue(option)
  for (const command of ['seal', 'inspect', 'status', 'bot'])
    t.equal(defaultOf(command, 'kubeconfig'), 'hub', command)
  for (const command of ['status', 'bot']) t.equal(defaultOf(command, 'data'), 'data', command)
  t.equal(defaultOf('bot', 'branch'), 'trunk')
  t.equal(defaultOf('bot', 'listen'), '0.0.0.0:8080', 'its own')
  const none = { SOWER_KUBECONFIG: '', SOWER_DATA: '', SOWER_BRANCH: '' }
  const empty = await declare(home, none)
  for (const command of ['seal', 'inspect', 'status', 'bot'])
    t.equal(named(empty, command).getOptionValue('kubeconfig'), undefined, command)
  for (const command of ['status', 'bot'])
    t.equal(named(empty, command).getOptionValue('data'), undefined, command)
  t.equal(named(empty, 'bot').getOptionValue('branch'), 'main', 'its own')
})

t.test('the options of the bot are read only where it is named', async t => {
  const [other, bot] = [await declare(home, {}, ['plan', 'sno1']), await declare(home)]
  t.equal(named(other, 'bot').options.length, 0)
  t.equal(named(bot, 'bot').options.length, botFlags.length + 2, 'and --app-manifest and --once')
})

t.test('what is said in words is handed on', async t => {
  const directory = directoryWith(t, { 'auth.json': '{}', 'old/a': '' })
  const seal = ['seal', '--authfile', 'auth.json', '--image', 'quay.io/a/b:1', '--cert', 'no.pem']
  const bot = [
    ...['bot', '--repository', 'a/b', '--token-file', 'no-token', '--data', 'x'],
    ...['--webhook-secret-file', 'x', '--kubeconfig', 'x'],
  ]
  const kustomize = { SOWER_KUSTOMIZE: join(directory, 'no-kustomize') }
  for (const [words, code, says] of [
    [['generate', 'nowhere'], 'FILE_UNREADABLE', /nowhere/],
    [['generate', '-o', 'json'], 'ARGUMENT_INVALID', /^reading -o: /],
    [['inventory', 'nowhere'], 'FILE_UNREADABLE', /nowhere/],
    [['generate', '-C', 'old', 'nowhere'], 'FILE_UNREADABLE', /old\/nowhere/],
    [['inventory', '-C', 'old', 'nowhere'], 'FILE_UNREADABLE', /old\/nowhere/],
    [['inspect', '-C', 'nowhere', 'auth.json'], 'FILE_UNREADABLE', /^reading nowhere: /],
    [['inspect', '-C', 'old', 'auth.json'], 'FILE_UNREADABLE', /auth\.json/],
    [['seal', '-C', 'nowhere', ...seal.slice(1)], 'FILE_UNREADABLE', /^reading nowhere: /],
    [['plan', 'A'], 'ARGUMENT_INVALID', /<cluster>: A is/],
    [['detach', 'A'], 'ARGUMENT_INVALID', /<cluster>: A is/],
    [['reattach', 'A'], 'ARGUMENT_INVALID', /<cluster>: A is/],
    [['plan', 'sno1', '-C', 'nowhere'], 'GIT_FAILED', /nowhere/],
    [['status', 'sno1', 'A'], 'ARGUMENT_INVALID', /\[cluster\.\.\.\]/],
    [['status', '-C', 'nowhere'], 'GIT_FAILED', /nowhere/],
    [['scan', '--staged', '--head', 'x'], 'ARGUMENT_INVALID', /^reading --staged: /],
    [['scan', '--staged', '--base', 'x'], 'ARGUMENT_INVALID', /^reading --staged: /],
    [['scan', '-C', 'old'], 'GIT_FAILED', /at old: it is not a clone/],
    [seal, 'FILE_UNREADABLE', /no\.pem/],
    [[...seal, '--namespace', 'A'], 'ARGUMENT_INVALID', /^--namespace "A"/],
    [[...seal, '--name', 'B'], 'ARGUMENT_INVALID', /^--name "B"/],
    [[...seal, '--scope', 'c'], 'ARGUMENT_INVALID', /^--scope c: /],
    [[...seal, '-o', 'old'], 'OUTPUT_UNWRITABLE', /old/],
    [[...seal, '-C', 'old', '-o', '../old'], 'OUTPUT_UNWRITABLE', /\.\.\/old/],
    [['inspect', 'nowhere'], 'FILE_UNREADABLE', /nowhere/],
    [['inspect', 'auth.json', '--image', 'd'], 'IMAGE_INVALID', /"d"/],
    [['inspect', 'auth.json', '--cert', 'no.pem'], 'FILE_UNREADABLE', /no\.pem/],
    [['inspect', 'auth.json', '--kubeconfig', 'no-hub'], 'FILE_UNREADABLE', /no-hub/],
    [bot, 'FILE_UNREADABLE', /no-token/],
    [[...bot.slice(0, 7), '--once'], 'FILE_UNREADABLE', /no-token/],
    [bot.slice(0, 7), 'ARGUMENT_INVALID', /^reading --webhook-secret-file: /],
    [[...bot, '--log-level', 'loud'], 'ARGUMENT_INVALID', /^reading --log-level: /],
    [[...bot, ...hosts('a', '*')], 'ARGUMENT_INVALID', /^reading --registry-insecure: /],
    [[...bot, ...hosts('a', 'b')], 'FILE_UNREADABLE', /no-token/],
    [
      ['demo', '--scenario', 'none'],
      'ARGUMENT_INVALID',
      /^reading --scenario: there is no scenario none/,
    ],
    [['demo', '--keep', 'old'], 'KUSTOMIZE_MISSING', /no-kustomize/],
    [['rehearse', 'A'], 'ARGUMENT_INVALID', /<cluster>: A is/],
    [['rehearse', 'sno1', '-C', 'nowhere'], 'GIT_FAILED', /nowhere/],
  ] as const) {
    const program = await declare(directory, kustomize)
    const parsed = program.parseAsync(words, { from: 'user' })
    await t.rejects(parsed, { name: /Error$/, code, message: says }, words.join(' '))
  }
})

const hosts = (...names: readonly string[]): readonly string[] =>
  names.flatMap(name => ['--registry-insecure', name])
