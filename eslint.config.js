import js from '@eslint/js'
import ts from 'typescript-eslint'

// Neither side may be called like a secret; a comparison with nothing, or with a constant, says nothing of it.
const secretName = '/(signature|hmac|secret|token|password|credential)(-256)?$/i'
const sides = ['left', 'right'].flatMap(side =>
  ['name', 'property.name', 'property.value', 'callee.name', 'callee.property.name'].map(
    field => `[${side}.${field}=${secretName}]`,
  ),
)
const comparesSecrets =
  `BinaryExpression[operator=/^[!=]==?$/]:matches(${sides.join(', ')})` +
  [
    "[left.type='Literal']",
    "[right.type='Literal']",
    "[right.type='Identifier'][right.name='undefined']",
  ]
    .map(harmless => `:not(${harmless})`)
    .join('')

export default ts.config(
  { ignores: ['dist/', 'node_modules/', '.tap/', 'tap-snapshots/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Awaiting inside `async` shells that satisfy a promise-returning port is not required.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**', 'plugin/**'],
    // It plays the outside world, where no secret is real.
    ignores: ['src/sandbox/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: comparesSecrets,
          message:
            'Compare secrets and signatures with crypto.timingSafeEqual: the time that === takes tells how much is right.',
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      // tap awaits the promise of t.test itself.
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['scripts/**', '*.config.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly' },
    },
  },
)
