import t from 'tap'
import { parseCommands } from '../../../src/core/command/parse-commands.ts'
import { beginsSo, isWhole, undecorated } from '../../../src/core/command/undecorated.ts'

/** What people write, by kind: each comment is obeyed, answered, or neither. */
const kinds: readonly (readonly [
  string,
  'obeyed' | 'answered' | 'left alone',
  readonly string[],
])[] = [
  [
    'up to three leading blanks',
    'obeyed',
    [
      ' /seed status',
      '  /seed status',
      '   /seed status',
      'a\n   /seed status',
      '\n\n /seed status',
    ],
  ],
  [
    'any case of /seed',
    'obeyed',
    ['/Seed status', '/SEED status', '/sEEd Status', 'Hi\n/Seed RETRY'],
  ],
  [
    'an HTML trailer',
    'obeyed',
    [
      '/seed retry <!-- linear:isThreadRoot -->',
      '/seed detach sno1<!-- x -->',
      '/seed retry <!---->',
      '/seed status <br>',
      '/seed status<br/>',
      '/seed status\n<!-- linear:isThreadRoot -->',
      '<!-- reply above this line -->\n/seed status',
      '<!-- a -->\n<!-- b -->\n\n/seed detach sno1',
    ],
  ],
  [
    'the signature of a mail',
    'obeyed',
    [
      '/seed retry\n-- \nAda Example',
      '/seed retry\n--\nAda',
      '/seed retry\r\n-- \r\nAda\r\n+49 1',
      '/seed abort\n\n-- \nAda',
      '/seed status\n\nSent from my phone',
    ],
  ],
  [
    'the angle brackets of our own help',
    'obeyed',
    [
      '/seed detach <seed-sno1>',
      '/seed detach <sno1> <!-- x -->',
      ' /Seed detach <sno1>\n-- \nAda',
      '/seed detach <1-a>',
    ],
  ],
  ['the wide blanks of phones', 'obeyed', ['/seed\u00A0status', '/seed\u202Fdetach\u3000sno1']],
  [
    'a list',
    'answered',
    [
      '- /seed detach sno1',
      '* /seed retry',
      '+ /seed retry',
      '1. /seed retry',
      '2) /seed retry',
      '- [ ] /seed status',
      '- [x] `/seed status`',
      '  - /seed status',
      '- - /seed status',
      'Please:\n- /seed detach sno1',
      '• /seed status'.replace('• ', '- '),
    ],
  ],
  [
    'code',
    'answered',
    [
      '`/seed detach sno1`',
      '``/seed status``',
      '```\n/seed status\n```',
      '```sh\n/seed status\n```',
      '~~~\n/seed status',
      'a\n     /seed status',
      '    /seed status',
      '\t/seed status',
      '<code>/seed status</code>',
      '<pre>/seed status</pre>',
      'Please run:\n`/seed detach sno1`',
    ],
  ],
  [
    'a quote',
    'answered',
    [
      '> /seed detach sno1',
      '>/seed status',
      '> > /seed status',
      '> /seed abort\n\nWhy did you do this?',
      '"/seed status"',
      '“/seed status”',
    ],
  ],
  [
    'a table',
    'answered',
    [
      '| /seed status |\n|---|',
      '|a|\n|-|\n|/seed status|',
      '/seed status | x\n--- | ---',
      '| run |\n|:--|\n| `/seed detach sno1` |',
    ],
  ],
  [
    'emphasis, headings and tags',
    'answered',
    [
      '**/seed status**',
      '_/seed status_',
      '~~/seed status~~',
      '# /seed status',
      '/seed status\n===',
      '<b>/seed status</b>',
      '<details>\n/seed status\n</details>',
      '[/seed status](https://example.com)',
      '/seed detach **sno1**',
      '/seed detach <b>sno1</b>',
      '/seed detach `sno1`',
    ],
  ],
  [
    'look-alikes of the slash',
    'answered',
    [
      '\uFF0Fseed status',
      '\u2044seed status',
      '\u2215seed detach sno1',
      '\\seed status',
      '\\/seed status',
      '//seed status',
      '&#47;seed status',
      '&sol;seed status',
      '\u29F8seed retry',
      '/\\seed status',
    ],
  ],
  [
    'look-alikes of the letters',
    'answered',
    [
      '/\u0455eed status',
      '/s\u0435ed detach sno1',
      '/see\u0501 retry',
      '/\uFF53\uFF45\uFF45\uFF44 status',
      '/s\u00E9ed status',
      '/seed d\u0435tach sno1',
      '/seed detach \u0455no1',
      '/\u{1D42C}\u{1D41E}\u{1D41E}\u{1D41D} status',
    ],
  ],
  [
    'characters that nobody sees',
    'answered',
    [
      '\u200B/seed status',
      '/se\u200Bed status',
      '/seed\u200Bstatus',
      '/seed status\u200B',
      '\u202E/seed status',
      '/seed \u2066abort\u2069',
      '/se\u00ADed retry',
      '\u2060/seed\u2060 retry',
      '/seed\uFEFF status',
      '/seed status \u200D',
      '/seed detach s\u200Cno1',
    ],
  ],
  [
    'slips of the hand',
    'answered',
    [
      '/ seed status',
      '/ seed',
      'seed detach sno1',
      'seed detach',
      'Seed status',
      '/seed',
      '/seed:',
      '/seed, status',
      '/seed: detach sno1',
      '/seed-status',
      '/seed/status',
      '/seeds status',
      '/seed:status',
      '.seed status',
      '!seed retry',
      '@seed detach sno1',
      '/seed.',
      '/seed?',
      '/seed detatch sno1',
      '/seed statsu',
    ],
  ],
  [
    'what has no meaning',
    'answered',
    [
      '/seed delete sno1',
      '/seed detach',
      '/seed detach sno1 sno2',
      '/seed detach --force sno1',
      '/seed status now',
      '/seed detach ../sno1',
      '/seed detach $(id)',
      '/seed please detach sno1',
      'Hi\n\n/seed what',
    ],
  ],
  [
    'what is no command',
    'left alone',
    [
      ...[
        '',
        ' \n\t\n',
        'please seed this',
        'LGTM',
        'Seeds are planted in spring',
        'seed images are great',
      ],
      ...[
        'try /seed status',
        'see `/seed status` for more',
        '/seedling',
        '/sower status',
        '/help',
        '/retest',
      ],
      ...[
        '/seeds/sno1/request.yaml is wrong',
        '/seed/sno1 is a directory',
        '/seed-images are made by it',
      ],
      ...['seed status looks good to me', 'On Monday, you wrote:\n> please\n> /seed detach sno1\n'],
      ...[
        'The log:\n```\n/seed status\n```\nis odd',
        'a\n\n    /seed status',
        '<!-- sower:answer -->\n- /seed status',
        '<!-- /seed detach sno1 -->',
      ],
      ...[
        '<!--\n/seed detach <cluster>\n-->\n## What\n\nText',
        'The help:\n- `/seed status` brings it up to date',
      ],
      ...['https://example.com/seed status', '---', '> a', '```\n```', '<details>', '| a |\n|---|'],
    ],
  ],
]

for (const [kind, outcome, comments] of kinds)
  t.test(`${kind}: ${outcome}`, t => {
    for (const body of comments) {
      const commands = parseCommands(body)
      const obeyed = commands.filter(({ verb }) => verb !== 'unknown')
      const wanted = { obeyed: [1, 1], answered: [1, 0], 'left alone': [0, 0] }[outcome]
      t.strictSame([commands.length, obeyed.length], wanted, JSON.stringify(body))
    }
    t.end()
  })

t.test('what follows a command in the same comment stays as it is', t => {
  t.strictSame(parseCommands('/seed detach <seed-sno1>'), [
    { verb: 'detach', cluster: 'seed-sno1' },
  ])
  t.strictSame(parseCommands('> /seed abort\n\n/seed status\n- /seed retry'), [{ verb: 'status' }])
  t.end()
})

t.test('marks are taken off a line before it is read, and long lines are no commands', t => {
  t.equal(undecorated('- [ ] **`/SEED status`**'), '/seed status`**')
  t.ok(isWhole('/seed status`**') && beginsSo('seed detach sno1'))
  t.notOk(isWhole(`/seed detach ${'a'.repeat(300)}`))
  t.notOk(isWhole('/seed detach sno1 sno2') || isWhole('/seed status sno1') || isWhole('words'))
  for (const mark of ['-', '<', '<!--', '`', ' ', '> ', '\u0300', 'a<', '/seed -', '&#0'])
    t.doesNotThrow(() => parseCommands(`${mark.repeat(16_000)}x\n/seed status`), mark)
  t.end()
})
