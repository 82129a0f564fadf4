import fc from 'fast-check'
import t from 'tap'
import { parseCommands, verbs } from '../../src/core/command/parse-commands.ts'
import { propertyRuns } from '../support/property-runs.ts'

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
  ['only the first five', '/seed status\n'.repeat(9), Array(5).fill('status').join(', ')],
  ['nothing', '', ''],
  ['words', 'please seed this', ''],
  ['in the middle of a line', 'try /seed status', ''],
  ['indented', ' /seed status', ''],
  ['indented in a paragraph', 'a\n  /seed status', ''],
  ['another word that begins so', '/seeds status\n/seed-status\n/seed/status', ''],
  ['in capitals', '/SEED status', ''],
  ['a fence', '```\n/seed status\n```', ''],
  ['a fence that is never closed', '```\n/seed status', ''],
  ['a fence of tildes', '~~~ sh\n/seed status\n~~~', ''],
  ['a fence in a longer fence', '````\n```\n/seed status\n```\n````', ''],
  ['an indented block', 'a\n\n    /seed status', ''],
  ['a block indented by a tab', '\t/seed status', ''],
  ['a quote', '> /seed status', ''],
  ['a quote that goes on without a mark', '> a\n/seed status', ''],
  ['an e-mail reply', 'On Monday, you wrote:\n> please\n> /seed detach sno1\n', ''],
  ['a list', '- /seed status\n1. /seed status', ''],
  ['a list that goes on without a mark', '- a\n/seed status', ''],
  ['a list with a paragraph', '- a\n\n  /seed status', ''],
  ['a task', '- [ ] /seed status', ''],
  ['a heading', '# /seed status', ''],
  ['an underlined heading', '/seed status\n===', ''],
  ['inline code', '`/seed status`', ''],
  ['inline code over lines', '`a\n/seed status\nb`', ''],
  ['inline code behind', '/seed detach `sno1`', ''],
  ['emphasis', '*/seed status*', ''],
  ['emphasis over lines', '*a\n/seed status\nb*', ''],
  ['emphasis behind', '/seed detach **sno1**', ''],
  ['a link', '[/seed status](https://example.com)', ''],
  ['a link over lines', '[a\n/seed status](https://example.com)', ''],
  ['a link behind', '/seed detach [sno1](https://example.com)', ''],
  ['an image', '![\n/seed status\n](x.png)', ''],
  ['a definition', '[a]: /x "\n/seed status\n"\n', ''],
  ['an HTML comment', '<!--\n/seed status\n-->', ''],
  ['an HTML comment that is never closed', '<!--\n\n/seed status', ''],
  ['an HTML block', '<details>\n/seed status\n</details>', ''],
  ['preformatted HTML', '<pre>\n\n/seed status\n\n</pre>', ''],
  ['HTML in the line', '/seed detach <b>sno1</b>', ''],
  ['an HTML comment in the line', '/seed status <!-- x -->', ''],
  ['HTML over lines', 'a <b title="\n/seed status\n">', ''],
  ['a table', '| a |\n|---|\n| /seed status |', ''],
  ['a table row without bars', '| a |\n|---|\n/seed status', ''],
  ['a table row of a table without outer bars', 'a | b\n:-- | --:\n/seed status', ''],
  ['an escaped slash', '\\/seed status', ''],
  ['a slash as an entity', '&#47;seed status', ''],
  ['a lone carriage return before', 'a\r/seed status', ''],
  ['a lone carriage return behind', '/seed status\r> quote', ''],
  ['a byte order mark', '\uFEFF/seed status', ''],
  ['a no-break space', '/seed\u00A0status', ''],
]

t.test('only whole lines of plain paragraphs are commands', t => {
  for (const [what, body, wanted] of corpus) t.equal(read(body), wanted, what)
  t.end()
})

t.test('what is nearly a command is answered, never guessed', t => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['/seed', /there is no such command/],
    ['/seed delete sno1', /there is no such command/],
    ['/seed toString', /there is no such command/],
    ['/seed constructor', /there is no such command/],
    ['/seed detach', /`detach` takes one cluster/],
    ['/seed detach sno1 sno2', /`detach` takes one cluster/],
    ['/seed detach sno1 --force', /`detach` takes one cluster/],
    ['/seed detach Sno1', /no cluster name/],
    ['/seed detach ../sno1', /no cluster name/],
    ['/seed detach -sno1', /no cluster name/],
    ['/seed detach sno1;reboot', /no cluster name/],
    [`/seed detach ${'a'.repeat(64)}`, /no cluster name/],
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

t.test('each verb of the help is read as it is written there', t => {
  for (const [verb, { usage }] of Object.entries(verbs))
    t.match(parseCommands(usage.replace('<cluster>', 'sno1')), [{ verb }])
  t.end()
})

t.test('a body that would take long to read holds no command', t => {
  const bombs = {
    quotes: '>'.repeat(13),
    'quotes with spaces': '> '.repeat(13),
    'ordered lists': '1. '.repeat(13),
    lists: '- '.repeat(13),
    'mixed containers': '> - 1) * + '.repeat(4),
    'tabs between': '>\t'.repeat(13),
    'a deep line far down': `${'a\n'.repeat(1000)}${'1. '.repeat(3000)}`,
    length: 'a'.repeat(16 * 1024),
  }
  for (const [what, bomb] of Object.entries(bombs)) {
    t.equal(read(`${bomb}\n\n/seed status`), '', `${what} before`)
    t.equal(read(`/seed status\n\n${bomb}`), '', `${what} behind`)
  }
  const harmless = ['-'.repeat(80), '*'.repeat(80), '> > > three', '#'.repeat(80), 'a'.repeat(9000)]
  for (const text of harmless) t.equal(read(`${text}\n\n/seed status`), 'status', text.slice(0, 9))
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

t.test('whatever the Markdown, each command is a line of it, and at most five count', t => {
  fc.assert(
    fc.property(markdown, body => {
      const commands = parseCommands(body)
      const written = lines(body).filter(line => line.startsWith('/seed')).length
      return commands.length <= Math.min(5, written)
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
      'HTML comment': body => `<!--\n${body.replaceAll('-->', '')}\n-->`,
      'preformatted HTML': body => `<pre>\n${body.replaceAll('</pre>', '')}\n</pre>`,
    }
    for (const [what, wrap] of Object.entries(wrappers)) {
      fc.assert(
        fc.property(markdown, body => read(wrap(body)) === ''),
        { numRuns: propertyRuns(300) },
      )
      t.equal(read(`${wrap('/seed abort')}\n\n/seed status`), 'status', what)
    }
    t.end()
  },
)
