import js from '@eslint/js';
import globals from 'globals';

export default [
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['src/main/resources/webroot/**/*.js'],
    languageOptions: { ecmaVersion: 2022, globals: { ...globals.browser, Paho: 'readonly' } },
    rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], 'no-var': 'error', 'prefer-const': 'error', 'no-implicit-globals': 'error' },
  },
  {
    files: ['src/test/node/*.mjs'],
    languageOptions: { ecmaVersion: 2022, globals: globals.node },
  },
];
