export { show } from './search.js';
