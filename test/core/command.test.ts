import fc from 'fast-check'
import t from 'tap'
import {
  commandText,
  isMeantAsCommand,
  looksLikeCommand,
  wordsOf,
} from '../../src/core/command/command-text.ts'
import { parseCommands } from '../../src/core/command/parse-commands.ts'
import { propertyRuns } from '../support/property-runs.ts'
import './command/corpus.ts'
import './command/help-text.ts'
import './command/parse-line.ts'
import './command/verbs.ts'

/** The commands of a body in short: verbs, with the cluster of a detach. */
const read = (body: string): string =>
  parseCommands(body)
    .map(command => ('cluster' in command ? `${command.verb} ${command.cluster}` : command.verb))
    .join(', ')

const corpus: readonly (readonly [string, string, string])[] = [
  ['a command alone', '/seed status', 'status'],
  [
    'each verb',
    '/seed detach sno1\n/seed status\n/seed retry\n/seed abort\n/seed help',
    'detach sno1, status, retry, abort, help',
  ],
  ['a verb that changes nothing', '/seed preflight sno1', 'preflight sno1'],
  ['one that opens a pull request', '/seed promote sno1', 'promote sno1'],
  ['another that changes nothing', '/seed compare sno1', 'compare sno1'],
  ['any case of the verb', '/seed STATUS', 'status'],
  ['spaces and tabs between and behind', '/seed \t detach\t sno1 \t ', 'detach sno1'],
  [
    'Windows line ends',
    'please\r\n/seed detach sno1\r\n\r\n/seed status\r\n',
    'detach sno1, status',
  ],
  ['after words in the same paragraph', 'Thanks @you!\n/seed status\nbye', 'status'],
  ['after inline code in the same paragraph', 'see `x`\n/seed status', 'status'],
  ['before a hard break', '/seed status  \nmore', 'status'],
  ['between other blocks', '# title\n\n- a\n\n/seed status\n\n> b\n', 'status'],
  ['after a quote and a blank line', '> /seed abort\n\n/seed status', 'status'],
  ['after a closed fence', '```\n/seed abort\n```\n/seed status', 'status'],
  ['after an HTML comment', '<!-- /seed abort -->\n\n/seed status', 'status'],
  [
    'only the first five',
    '/seed status\n'.repeat(9),
    `${Array(5).fill('status').join(', ')}, unknown`,
  ],
  ['no more than five', '/seed status\n'.repeat(5), Array(5).fill('status').join(', ')],
  ['nothing', '', ''],
  ['words', 'please seed this', ''],
  ['in the middle of a line', 'try /seed status', ''],
  ['after a blank', ' /seed status', 'status'],
  ['indented in a paragraph', 'a\n  /seed status', 'status'],
  ['in capitals', '/SEED status\n/Seed Detach sno1', 'status, detach sno1'],
  ['no-break spaces', '/seed\u00A0status\n\u00A0/seed detach\u00A0sno1', 'status, detach sno1'],
  ['a byte order mark', '\uFEFF/seed status\n\n`a`\n/seed retry', 'status, retry'],
  ['lone carriage returns', 'a\r/seed status\r> quote', 'status'],
  ['an HTML comment in the line', '/seed status <!-- x -->', 'status'],
  ['an HTML comment that goes on', '/seed retry <!-- x\n/seed abort\n-->', 'retry'],
  ['an HTML comment in the command', '/seed <!-- x --> status', 'status'],
  ['a hard break', '/seed status\\\nmore', 'status'],
  ['the signature of a mail', 'Yes.\n/seed retry\n-- \nAda Example', 'retry'],
  ['a signature without its blank', '/seed retry\r\n--\r\nAda Example', 'retry'],
  ['another word that begins so', '/seeds status\n/seed-status\n/seed/status', 'unknown'],
  ['a fence', '```\n/seed status\n```', 'unknown'],
  ['a fence that is never closed', '```\n/seed status', 'unknown'],
  ['a fence of tildes', '~~~ sh\n/seed status\n~~~', 'unknown'],
  ['a fence in a longer fence', '````\n```\n/seed status\n```\n````', 'unknown'],
  ['an indented block', 'a\n\n    /seed status', ''],
  ['an indented block at the beginning', '    /seed status', 'unknown'],
  ['a block indented by a tab', '\t/seed status', 'unknown'],
  ['a quote', '> /seed status', 'unknown'],
  ['a quote that goes on without a mark', '> a\n/seed status', 'unknown'],
  ['an e-mail reply', 'On Monday, you wrote:\n> please\n> /seed detach sno1\n', ''],
  ['a list further down', 'a\n\n- /seed status\n1. /seed status', 'unknown'],
  ['a list that goes on without a mark', '- a\n/seed status', 'unknown'],
  ['a list with a paragraph', '- a\n\n  /seed status', 'unknown'],
  ['a heading further down', 'a\n\n# /seed status', 'unknown'],
  ['an underlined heading further down', 'a\n\n/seed status\n===', 'unknown'],
  ['a dashed line further down', 'a\n\n/seed status\n---', 'unknown'],
  ['inline code further down', 'a\n`/seed status`', 'unknown'],
  ['inline code over lines', '`a\n/seed status\nb`', 'unknown'],
  ['emphasis over lines', '*a\n/seed status\nb*', 'unknown'],
  ['emphasis over lines with a space in them', '*a\n/seed status\n\u00A0\nb*', 'unknown'],
  ['a link over lines', '[a\n/seed status](https://example.com)', 'unknown'],
  ['an image', '![\n/seed status\n](x.png)', 'unknown'],
  ['a definition', '[a]: /x "\n/seed status\n"\n', 'unknown'],
  ['an HTML comment', '<!--\n/seed status\n-->', ''],
  ['an HTML comment that is never closed', '<!--\n\n/seed status', ''],
  ['an HTML block', '<details>\n/seed status\n</details>', 'unknown'],
  ['preformatted HTML', '<pre>\n\n/seed status\n\n</pre>', 'unknown'],
  ['HTML over lines', 'a <b title="\n/seed status\n">', 'unknown'],
  ['behind an HTML comment over lines', 'a <!--\n/seed status -->/seed abort', ''],
  ['a table', '| a |\n|---|\n| /seed status |', 'unknown'],
  ['a table row without bars', '| a |\n|---|\n/seed status', 'unknown'],
  ['a table row of a table without outer bars', 'a | b\n:-- | --:\n/seed status', 'unknown'],
  ['an escaped slash', '\\/seed status', 'unknown'],
  ['a slash as an entity', '&#47;seed status', 'unknown'],
  ['what comes after 16 KiB', `${'a\n'.repeat(8 * 1024)}/seed status`, ''],
  ['a line that is cut', `${'a'.repeat(16 * 1024 - 9)}\n/seed retry`, ''],
]

t.test('only whole lines of plain paragraphs are commands', t => {
  for (const [what, body, wanted] of corpus) t.equal(read(body), wanted, what)
  t.end()
})

t.test('what is nearly a command is answered, never guessed', t => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['Please:\n\n/seed detach `sno1`', /a line of plain text/],
    ['/seed detach **sno1**', /a line of plain text/],
    ['/seed detach [sno1](https://example.com)', /a line of plain text/],
    ['`/seed detach sno1`', /a line of plain text/],
    ['```/seed status```', /a line of plain text/],
    ['- /seed detach sno1', /a line of plain text/],
    ['- [ ] /seed status\n1. /seed status', /a line of plain text/],
    ['\n 1) /Seed status', /a line of plain text/],
    ['# /seed status', /a line of plain text/],
    ['/seed status\n===', /a line of plain text/],
    ['/seed status\n---\nAda', /a line of plain text/],
    ['*/seed status*', /a line of plain text/],
    ['[/seed status](https://example.com)', /a line of plain text/],
    ['/seed status\n|-|', /a line of plain text/],
    ['/seed', /there is no such command/],
    ['/seed delete sno1', /there is no such command/],
    ['/seed toString', /there is no such command/],
    ['/seed constructor', /there is no such command/],
    ['/seed detach', /`detach` takes one cluster/],
    ['/seed detach sno1 sno2', /`detach` takes one cluster/],
    ['/seed detach sno1 --force', /`detach` takes one cluster/],
    ['/seed detach Sno1', /not a valid cluster name/],
    ['/seed detach ../sno1', /not a valid cluster name/],
    ['/seed detach -sno1', /not a valid cluster name/],
    ['/seed detach sno1;reboot', /not a valid cluster name/],
    [`/seed detach ${'a'.repeat(64)}`, /not a valid cluster name/],
    ['/seed status sno1', /`status` takes no argument/],
    ['/seed abort now', /`abort` takes no argument/],
  ]
  for (const [body, reason] of cases)
    t.match(parseCommands(body), [{ verb: 'unknown', reason }], body)
  t.end()
})

t.test('a problem never repeats what the comment said', t => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!-~ ]{1,30}$/), words => {
      const [command] = parseCommands(`/seed Q${words}`)
      return command === undefined || !JSON.stringify(command).includes(`Q${words.trim()}`)
    }),
  )
  t.end()
})

const piece = fc.constantFrom(
  ...[
    '/seed status',
    '/seed detach sno1',
    '/seed x',
    '\n',
    '\n\n',
    '\r\n',
    ' ',
    '    ',
    '\t',
    '> ',
  ],
  ...['- ', '1. ', '# ', '```', '~~~', '`', '*', '_', '[', ']', '(', ')', '<!--', '-->', '<b>'],
  ...['<pre>', '</pre>', '<details>', '|', '---', '\\', '&#47;', 'words', '[a]: b'],
)
const markdown = fc.array(piece, { maxLength: 30 }).map(pieces => pieces.join(''))
const lines = (text: string): readonly string[] => text.split(/\r\n|\n|\r/)

const bombs: Readonly<Record<string, string>> = {
  quotes: '>'.repeat(13),
  'quotes with spaces': '> '.repeat(13),
  'ordered lists': '1. '.repeat(13),
  lists: '- '.repeat(13),
  'mixed containers': '> - 1) * + '.repeat(4),
  'tabs between': '>\t'.repeat(13),
  'a deep line far down': `${'a\n'.repeat(100)}${'1. '.repeat(300)}`,
  'lists by their indentation': `${'  '.repeat(13)}- a`,
  'lists by tabs': `${'\t'.repeat(13)}1. a`,
  lines: 'a\n'.repeat(300),
  'empty lines': '\n'.repeat(300),
  'carriage returns': 'a\r'.repeat(300),
  headings: 'a\n-\n'.repeat(300),
  delimiters: '*_'.repeat(501),
  brackets: '['.repeat(1001),
}

t.test('a command behind what would take long to read is answered, not obeyed', t => {
  for (const [what, bomb] of Object.entries(bombs))
    t.match(
      parseCommands(`${bomb}\n\n/seed status`),
      [{ verb: 'unknown', reason: /too much Markdown/ }],
      what,
    )
  for (const bomb of Object.values(bombs)) t.strictSame(parseCommands(bomb), [])
  const harmless = [
    '-'.repeat(80),
    '*'.repeat(80),
    '> > > three',
    '#'.repeat(80),
    'a'.repeat(9000),
    ' '.repeat(99),
  ]
  for (const text of harmless) t.equal(read(`${text}\n\n/seed status`), 'status', text.slice(0, 9))
  t.end()
})

t.test('nothing that follows the paragraph of a command is read', t => {
  for (const [what, bomb] of Object.entries({ ...bombs, length: 'a'.repeat(16 * 1024) }))
    t.equal(read(`/seed status\n\n${bomb}`), 'status', what)
  t.equal(commandText('a\r\n\r\n /seed status\r\nb\r\n\t\r\nc'), 'a\r\n\r\n /seed status\r\nb\r\n')
  t.equal(commandText('\n`/seed`\n\nb'), '\n`/seed`\n')
  t.equal(commandText('a\n`/seed`'), null)
  t.equal(commandText('a\n\n- `/seed retry`\n\nb'), 'a\n\n- `/seed retry`\n')
  t.equal(commandText(`/seed status\n${'a'.repeat(16 * 1024)}`), '/seed status\n', 'no half line')
  t.ok(looksLikeCommand.test('\t/seed') && isMeantAsCommand('\n/seed'))
  t.strictSame(wordsOf(' a\u00A0\u3000b\t'), ['a', 'b'])
  t.end()
})

t.test('a part of a comment has the commands of the whole', t => {
  fc.assert(
    fc.property(markdown, body => {
      const text = commandText(body)
      return text === null
        ? parseCommands(body).length === 0
        : commandText(text) === text &&
            JSON.stringify(parseCommands(text)) === JSON.stringify(parseCommands(body))
    }),
    { numRuns: propertyRuns(500) },
  )
  t.end()
})

t.test('reads what pairs and never closes', t => {
  for (const piece of [
    '[',
    '![',
    '*a',
    '**a _b',
    '`a``',
    '<a',
    '<!--',
    '&',
    '[a](',
    'a\n',
    '~~',
    '|',
  ])
    t.doesNotThrow(() => read(`/seed status\n\n${piece.repeat(2000 / piece.length)}`), piece)
  t.end()
})

t.test('whatever the Markdown, each command is a line of it, and at most five count', t => {
  fc.assert(
    fc.property(markdown, body => {
      const commands = parseCommands(body)
      const written = lines(body).filter(line => looksLikeCommand.test(line)).length
      const obeyed = commands.filter(({ verb }) => verb !== 'unknown').length
      return commands.length <= Math.min(6, Math.max(1, written)) && obeyed <= Math.min(5, written)
    }),
    { numRuns: propertyRuns(2000) },
  )
  t.end()
})

t.test(
  'whatever stands in a quote, a list, a fence, an indented block or a comment is no command',
  t => {
    const prefixed = (prefix: string) => (body: string) =>
      lines(body)
        .map(line => prefix + line)
        .join('\n')
    const wrappers: Readonly<Record<string, (body: string) => string>> = {
      quote: prefixed('> '),
      'list item': body => `- a\n${prefixed('  ')(body)}`,
      fence: body => `${'`'.repeat(200)}\n${body}\n${'`'.repeat(200)}`,
      'indented block': prefixed('    '),
      'HTML comment': body => `<!--\n${body.replaceAll('-->', '-- >')}\n-->`,
      'preformatted HTML': body => `<pre>\n${body.replaceAll('</pre>', '</ pre>')}\n</pre>`,
    }
    for (const [what, wrap] of Object.entries(wrappers)) {
      fc.assert(
        fc.property(markdown, body => /^(?:unknown)?$/.test(read(wrap(body)))),
        { numRuns: propertyRuns(300) },
      )
      t.equal(read(`${wrap('/seed abort')}\n\n/seed status`), 'status', what)
    }
    t.end()
  },
)
