import { z } from 'zod';

/** Where the operations of a passage happen (paper, stage 1). */
export const Platform = z.enum(['operator', 'computer', 'phone', 'machine', 'other']);
export type Platform = z.infer<typeof Platform>;

/** The paper's 26 subject domains (stage 1). */
export const Domain = z.enum([
  'adult',
  'arts_and_entertainment',
  'autos_and_vehicles',
  'beauty_and_fitness',
  'books_and_literature',
  'business_and_industrial',
  'computers_and_electronics',
  'finance',
  'food_and_drink',
  'games',
  'health',
  'hobbies_and_leisure',
  'home_and_garden',
  'internet_and_telecom',
  'jobs_and_education',
  'law_and_government',
  'news',
  'online_communities',
  'people_and_society',
  'pets_and_animals',
  'real_estate',
  'science',
  'sensitive_subjects',
  'shopping',
  'sports',
  'travel_and_transportation',
]);
export type Domain = z.infer<typeof Domain>;

/** The paper's 38 task categories (stage 1). */
export const TaskCategory = z.enum([
  'databases',
  'multimedia_processing',
  'cloud_platforms',
  'calendar_management',
  'cryptocurrency',
  'location_services',
  'communication',
  'search',
  'file_systems',
  'web_scraping',
  'ecommerce_and_retail',
  'customer_data_platforms',
  'developer_tools',
  'virtualization',
  'version_control',
  'research_and_data',
  'aigc',
  'travel_and_transportation',
  'note_taking',
  'language_translation',
  'rag_systems',
  'security_and_iam',
  'social_media',
  'monitoring',
  'weather_services',
  'customer_support',
  'blockchain',
  'knowledge_and_memory',
  'financial_trading',
  'marketing',
  'enterprise_business_intelligence',
  'transportation_logistics',
  'iphone_android',
  'smart_home',
  'education_elearning',
  'robot_control',
  'website_control',
  'gaming_entertainment',
]);
export type TaskCategory = z.infer<typeof TaskCategory>;

/** The interaction patterns of stages 3 and 4, under one list of names (design: Measured decisions). */
export const Pattern = z.enum([
  'clarification',
  'error_recovery',
  'rule_conflict',
  'rule_awareness',
  'multi_hop_reasoning',
  'limitation',
  'user_guidance',
  'long_context',
]);
export type Pattern = z.infer<typeof Pattern>;

/** The five patterns that generation chooses from; the others are refinement's. */
export const GENERATION_PATTERNS: readonly Pattern[] = [
  'rule_conflict',
  'error_recovery',
  'clarification',
  'multi_hop_reasoning',
  'rule_awareness',
];
