"""Who may open and do what: every address of the portal, by role.

One letter stands for one person: A agent, T team lead, S support lead, Q QA reviewer,
W workforce manager, E executive, X administrator, N on the staff without a role,
``.`` not signed in. A row names everybody who is let in, - for nobody; all
others must be refused. Redirects are followed to where they end. An address that no row
names fails the test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from supportops.common import roles
from tests.factories.people import UserFactory
from tests.factories.portal import Portal, write_alert, write_vocabulary

PEOPLE = {**dict(zip("ATSQWEX", roles.ROLES, strict=True)), "N": None, ".": None}

# The lists and forms of the admin: to see a form, and to send it.
MODELS = """
model                                list      add      see       save     delete  history
api_apitoken                         ATSQWEX   ATSQWEX  ATSQWEX   -        -       ATSQWEX
auth_group                           X         X        X         X        X       X
axes_accessattempt                   X         -        X         -        X       X
axes_accessfailurelog                X         -        X         -        -       X
axes_accesslog                       X         -        X         -        -       X
django_celery_beat_clockedschedule   X         X        X         X        X       X
django_celery_beat_crontabschedule   X         X        X         X        X       X
django_celery_beat_intervalschedule  X         X        X         X        X       X
django_celery_beat_periodictask      X         X        X         X        X       X
django_celery_beat_solarschedule     X         X        X         X        X       X
jobs_job                             ATSQWEXN  -        ATSQWEXN  -        -       ATSQWEXN
kb_article                           ATSQWEX   -         ATSQWEX   -        -       ATSQWEX
kb_contenttask                       ATSQWEX   SX        ATSQWEX   SX       -       ATSQWEX
kb_knownquestion                     ATSQWEX   -         ATSQWEX   -        -       ATSQWEX
kb_synonym                           ATSQWEX   -         ATSQWEX   -        -       ATSQWEX
kb_topic                             ATSQWEX   -         ATSQWEX   -        -       ATSQWEX
metrics_segment                      -         -        -         -        -       -
people_region                        ATSQWEX   SWX      ATSQWEX   SWX      SWX     ATSQWEX
people_skill                         ATSQWEX   SWX      ATSQWEX   SWX      SWX     ATSQWEX
people_team                          ATSQWEX   SWX      ATSQWEX   SWX      SWX     ATSQWEX
people_user                          TSQWEX    X        TSQWEX    X        X       TSQWEX
capacity_queue                       TSWEX     WX       TSWEX     WX      -       TSWEX
capacity_decision                    TSWEX     -        TSWEX     -        -       TSWEX
capacity_evidence                    TSWEX     -        TSWEX     -        -       TSWEX
capacity_event                       TSWEX     WX       TSWEX     WX      WX      TSWEX
capacity_overlay                     TSWEX     WX       TSWEX     WX      -       TSWEX
capacity_assumptions                 TSWEX     -        TSWEX     -        -       TSWEX
capacity_plannedstaff                TSWEX     -        TSWEX     -        -       TSWEX
capacity_forecast                    TSWEX     -        TSWEX    -        -       TSWEX
capacity_leadtime                    SWEX      -        SWEX      WX      -       SWEX
capacity_planningtask                TSWEX     WX       TSWEX     WX      -       TSWEX
coaching_coachingsession             ATSX      -        ATSX      -        -       ATSX
coaching_improvementplan             ATSQWEX   -        ATSQWEX   -        -       ATSQWEX
coaching_metricaudit                 TSQWEX    -        TSQWEX    -        -       TSQWEX
coaching_playbook                    ATSQX     -        ATSQX     SX       -       ATSQX
coaching_recognition                 ATSQWEX   -        ATSQWEX   -        -       ATSQWEX
qa_calibrationdecision               ATSQX     -        ATSQX    -        -       ATSQX
qa_calibrationsession                TSQX      -        TSQX     -        -       TSQX
qa_certification                     SQX       -        SQX      -        -       SQX
qa_dispute                           ATSQX     -        ATSQX    -        -       ATSQX
qa_goldticket                        SX        -        SX       -        -       SX
qa_review                            ATSQX     -        ATSQX    -        -       ATSQX
qa_rubricchange                      TSQX      -        TSQX     -        -       TSQX
qa_samplingplan                      TSQX      SX       TSQX      SX       SX      TSQX
qa_rootcause                         TSQX      SX        TSQX     SX       SX      TSQX
qa_scorecard                         ATSQWEX   SX        ATSQWEX  ATSQWEX  -       ATSQWEX
sla_calendar                         ATSQWEX   SX       ATSQWEX   ATSQWEX  -       ATSQWEX
sla_policy                           ATSQWEX   SX       ATSQWEX   ATSQWEX  -       ATSQWEX
sla_slaalert                         TSWEX     -        TSWEX     -        -       TSWEX
sla_slaclock                         ATSQWEX   -        ATSQWEX   -        -       ATSQWEX
ticket_imports_importrun             SX        SX       SX        SX       -       SX
tickets_category                     ATSQWEX   SX       ATSQWEX   SX       SX      ATSQWEX
tickets_channel                      ATSQWEX   SX       ATSQWEX   SX       SX      ATSQWEX
tickets_contact                      ATSQWEX   ATSX     ATSQWEX   ATSX     SX      ATSQWEX
tickets_customertier                 ATSQWEX   SX       ATSQWEX   SX       SX      ATSQWEX
tickets_organisation                 ATSQWEX   TSX      ATSQWEX   TSX      SX      ATSQWEX
tickets_priorityrule                 ATSQWEX   -        ATSQWEX   ATSQWEX  -       ATSQWEX
tickets_productarea                  ATSQWEX   SX       ATSQWEX   SX       SX      ATSQWEX
tickets_severityrule                 ATSQWEX   -        ATSQWEX   ATSQWEX  -       ATSQWEX
tickets_status                       ATSQWEX   SX       ATSQWEX   SX       SX      ATSQWEX
tickets_tag                          ATSQWEX   SX       ATSQWEX   SX       SX      ATSQWEX
tickets_ticket                       ATSQWEX   ATSX     ATSQWEX   -        -       ATSQWEX
"""

# Our own pages. What follows the people is sent as a form.
PAGES = """
GET   admin:api_apitoken_ask_to_revoke             ATSQWEX
GET   admin:api_apitoken_revoke                    ATSQWEX
POST  admin:api_apitoken_revoke                    ATSQWEX
GET   admin:app_list                               ATSQWEX
GET   admin:auth_user_password_change              X
POST  admin:auth_user_password_change              X
GET   admin:autocomplete                           -
GET   admin:autocomplete                           ATSQWEX    app_label=tickets model_name=ticket field_name=organisation
GET   admin:capacity_queue_simple_history          TSWEX
POST  admin:capacity_queue_simple_history          WX
GET   admin:capacity_queue_to_volumes              TSWEX
GET   admin:capacity_event_simple_history          TSWEX
POST  admin:capacity_event_simple_history          WX
GET   admin:capacity_overlay_simple_history        TSWEX
POST  admin:capacity_overlay_simple_history        WX
GET   admin:capacity_assumptions_simple_history    TSWEX
POST  admin:capacity_assumptions_simple_history    -
GET   admin:capacity_plannedstaff_simple_history   TSWEX
POST  admin:capacity_plannedstaff_simple_history   -
GET   admin:capacity_leadtime_simple_history       SWEX
POST  admin:capacity_leadtime_simple_history       WX
GET   admin:capacity_planningtask_simple_history   TSWEX
POST  admin:capacity_planningtask_simple_history   WX
GET   admin:index                                  ATSQWEXN
POST  admin:jobs_job_cancel                        ATSQWEXN
GET   admin:jobs_job_progress                      ATSQWEXN
GET   admin:jsi18n                                 ATSQWEXN
GET   admin:kb_contenttask_simple_history          ATSQWEX
POST  admin:kb_contenttask_simple_history          SX
GET   admin:kb_synonym_simple_history              ATSQWEX
POST  admin:kb_synonym_simple_history              -
GET   admin:login                                  ATSQWEXN.
POST  admin:logout                                 ATSQWEXN.
GET   admin:notifications_notification_changelist  ATSQWEXN
POST  admin:notifications_notification_changelist  ATSQWEXN
GET   admin:notifications_notification_choices     ATSQWEXN
GET   admin:notifications_notification_unread       ATSQWEXN
POST  admin:notifications_notification_choices     ATSQWEXN
POST  admin:notifications_notification_open        ATSQWEXN
GET   admin:password_change                        ATSQWEXN
POST  admin:password_change                        ATSQWEXN
GET   admin:password_change_done                   ATSQWEXN
GET   admin:qa_dispute_to_page                     ATSQX
GET   admin:qa_goldticket_withdraw                 SX
GET   admin:qa_review_to_page                      ATSQX
GET   admin:qa_review_to_void                      SX
GET   admin:qa_samplingplan_simple_history         TSQX
POST  admin:qa_samplingplan_simple_history         SX
GET   admin:qa_samplingplan_to_coverage            TSQX
GET   admin:qa_samplingplan_to_precision           TSQX
GET   admin:qa_samplingplan_to_replacements        SX
GET   admin:search                                 ATSQWEXN
GET   admin:sla_policy_to_order                    SX
GET   admin:sla_policy_to_public_page              ATSQWEXN
POST  admin:ticket_imports_cancel                  SX
GET   admin:ticket_imports_mapping                 SX
POST  admin:ticket_imports_mapping                 SX
GET   admin:ticket_imports_progress                SX
GET   admin:ticket_imports_rejects                 SX
GET   admin:ticket_imports_report                  SX
POST  admin:ticket_imports_start                   SX
GET   admin:ticket_imports_undo                    SX
POST  admin:ticket_imports_undo                    SX
GET   admin:tickets_organisation_simple_history    ATSQWEX
POST  admin:tickets_organisation_simple_history    TSX
GET   admin:tickets_status_moves                   ATSQWEX
POST  admin:tickets_status_moves                   SX
GET   admin:tickets_status_open_moves              ATSQWEX
GET   admin:tickets_status_simple_history          ATSQWEX
POST  admin:tickets_status_simple_history          SX
POST  admin:tickets_ticket_change                  ATSX       verb=reply
POST  admin:tickets_ticket_change                  ATSX       verb=status
POST  admin:tickets_ticket_change                  ATSX       verb=assign
POST  admin:tickets_ticket_change                  ATSX       verb=team
POST  admin:tickets_ticket_change                  TSX        verb=priority
POST  admin:tickets_ticket_change                  ATSX       verb=level
POST  admin:tickets_ticket_change                  ATSX       verb=fields
POST  admin:tickets_ticket_change                  ATSX       verb=tags
POST  admin:tickets_ticket_change                  ATSX       verb=pause
POST  admin:tickets_ticket_change                  ATSX       verb=resume
POST  admin:tickets_ticket_change                  TSX        verb=merge
GET   admin:tickets_ticket_articles                ATSQWEX
POST  admin:tickets_ticket_articles                ATSQX      verb=flag
GET   admin:tickets_triage                         ATSX
POST  admin:tickets_triage                         ATSX
GET   admin:view_on_site                           -
GET   capacity:outliers                            TSWEX
GET   capacity:outliers-csv                        TSWEX
POST  capacity:outliers-decide                     WX
GET   capacity:volume-import                       SWEX
POST  capacity:volume-import-cancel                WX
GET   capacity:volume-import-mapping               WX
POST  capacity:volume-import-mapping               WX
GET   capacity:volume-import-refused               SWEX
POST  capacity:volume-import-undo                  WX
GET   capacity:volume-imports                      SWEX
POST  capacity:volume-imports                      WX
GET   capacity:volume-template                     WX
GET   capacity:volumes                             TSWEX
GET   capacity:volumes-csv                         TSWEX
GET   capacity:volumes-queue                       TSWEX
GET   capacity:volumes-queue-days                  TSWEX
GET   capacity:volumes-queue-intervals             TSWEX
POST  capacity:volumes-rebuild                     WX
GET   capacity:accuracy                            TSWEX
GET   capacity:accuracy-queue                      TSWEX
GET   capacity:decision                            TSWEX
POST  capacity:decision-answer                     SEX
GET   capacity:decision-new                        SWX
POST  capacity:decision-new                        SWX
GET   capacity:decision-print                      TSWEX
POST  capacity:decision-save                       SWX        part=rules
POST  capacity:decision-step                       SWX        step=note
GET   capacity:decision-version                    TSWEX
POST  capacity:decision-weigh                      SWX        step=inputs
GET   capacity:decisions                           TSWEX
GET   capacity:event                               WX
POST  capacity:event                               WX
POST  capacity:event-active                        WX
POST  capacity:event-copy                          WX
GET   capacity:event-new                           WX
POST  capacity:event-new                           WX
GET   capacity:event-preview                       TSWEX
GET   capacity:events                              TSWEX
GET   capacity:investigation                       TSWEX
POST  capacity:investigation-close                 SWX
POST  capacity:investigation-outlier               WX
POST  capacity:investigation-owner                 SWX
POST  capacity:investigation-reopen                SWX
GET   capacity:investigations                      TSWEX
GET   capacity:today                               TSWEX
GET   capacity:today-queue                         TSWEX
GET   capacity:calculation                         SWEX
POST  capacity:calculation                         SWEX
POST  capacity:calculation                         WX         verb=save name=Ours currency=USD
POST  capacity:calculation-compute                 SWEX
POST  capacity:calculation-copy                    WX
GET   capacity:calculation-export                  SWEX
GET   capacity:calculation-history                 SWEX
GET   capacity:calculation-new                     WX
POST  capacity:calculation-new                     WX
GET   capacity:calculation-print                   SWEX
GET   capacity:calculation-reference               WX
POST  capacity:calculation-reference               WX
GET   capacity:calculation-remove                  WX
POST  capacity:calculation-remove                  WX
GET   capacity:costs                               SWEX
GET   capacity:forecast                            TSWEX
GET   capacity:forecast-csv                        TSWEX
POST  capacity:forecast-discard                    WX
POST  capacity:forecast-method                     WX         method=trend horizon_days=28
POST  capacity:forecast-overlay-delete             WX
POST  capacity:forecast-overlays                   WX
GET   capacity:forecast-publish                    WX
POST  capacity:forecast-publish                    WX
GET   capacity:forecasts                           TSWEX
POST  capacity:forecasts-compute                   WX
GET   capacity:forecasts-months                    TSWEX
GET   capacity:forecasts-publish                   WX
POST  capacity:forecasts-publish                   WX
GET   capacity:hire                                WX
POST  capacity:hire                                WX
POST  capacity:hire-move                           WX
GET   capacity:hiring                              SWEX
GET   capacity:hiring-new                          WX
POST  capacity:hiring-new                          WX
GET   capacity:hiring-plan                         SWEX
GET   capacity:hiring-plan-edit                    WX
POST  capacity:hiring-plan-edit                    WX
GET   capacity:hiring-plan-hire                    WX
POST  capacity:hiring-plan-hire                    WX
POST  capacity:hiring-plan-take                    WX
GET   capacity:planning                            TSWEX
POST  capacity:planning-duty                       TSWEX
POST  capacity:planning-owner                      WX
GET   capacity:staffing                            TSWEX
GET   capacity:staffing-answer                     TSWEX
GET   capacity:staffing-csv                        TSWEX
GET   capacity:staffing-keep                       WX
POST  capacity:staffing-keep                       WX
GET   capacity:staffing-list-csv                   TSWEX
GET   capacity:staffing-planned                    TSWEX
POST  capacity:staffing-planned                    WX
POST  capacity:staffing-planned-copy               WX
GET   capacity:staffing-planned-csv                TSWEX
POST  capacity:staffing-planned-file               WX
POST  capacity:staffing-planned-template           WX
GET   capacity:staffing-queue                      TSWEX
GET   kb:assistant                                 TSWEX
POST  kb:assistant-answer-judge                    TSX        verdict=right
GET   kb:assistant-rules                           SX
POST  kb:assistant-rules                           SX
GET   kb:assistant-talk                            TSWEX
GET   kb:assistant-talks                           TSWEX
GET   help:assistant                               ATSQWEXN.
POST  help:assistant                               ATSQWEXN.
POST  help:assistant-judge                         ATSQWEXN.
POST  help:assistant-new                           ATSQWEXN.
POST  help:assistant-person                        ATSQWEXN.
GET   kb:experiment                                TSWEX
POST  kb:experiment-act                            TSX        verb=start
GET   kb:experiment-new                            TSX
POST  kb:experiment-new                            TSX
GET   kb:experiments                               TSWEX
GET   kb:figures                                  TSWEX
GET   kb:figures-articles                         TSWEX
GET   kb:figures-coverage                         TSWEX
GET   kb:figures-search                           TSWEX
GET   kb:figures-searches                         TSWEX
GET   kb:figures-value                            TSWEX
POST  kb:figures-value                            SWX
GET   coaching:audit                               TSQWEX
POST  coaching:audit-close                         SQX
POST  coaching:audit-line-judge                    SQX
GET   coaching:audit-new                           SQX
POST  coaching:audit-new                           SQX
GET   coaching:audits                              TSQWEX
POST  coaching:award                               SX
POST  coaching:award-best                          SX
POST  coaching:award-vote                          ATSQWEX
POST  coaching:award-withdraw                      ATSQWEX
GET   coaching:board                               ATSX
POST  coaching:goal-decide                         TSX
POST  coaching:milestone-decide                    TSX
GET   coaching:mine                                ATSQWEXN
POST  coaching:nominate                            ATSQWEX
GET   coaching:plan                                ATSQWEXN
POST  coaching:plan-cancel                         TSX
POST  coaching:plan-close                          TSX
GET   coaching:plan-edit                           TSX
POST  coaching:plan-edit                           TSX
POST  coaching:plan-issue                          TSX
GET   coaching:plan-new                            TSX
POST  coaching:plan-new                            TSX
GET   coaching:plan-print                          ATSQWEXN
POST  coaching:plan-sign                           ATSQWEXN
GET   coaching:plans                               TSX
GET   coaching:session                             ATSQWEXN
POST  coaching:session-acknowledge                 -
POST  coaching:session-cancel                      TSX
GET   coaching:session-edit                        TSX
POST  coaching:session-edit                        TSX
POST  coaching:session-hold                        TSX
GET   coaching:session-new                         TSX
POST  coaching:session-new                         TSX
POST  coaching:session-notes                       TSX
POST  coaching:session-prepare                     TSX
GET   coaching:session-print                       ATSQWEXN
POST  coaching:session-take                        TSX
POST  coaching:thank                               ATSQWEX
GET   coaching:wall                                ATSQWEX
GET   health-live                                  ATSQWEXN.
GET   health-ready                                 ATSQWEXN.
GET   help:article                                 ATSQWEXN.
GET   help:contact                                 ATSQWEXN.
POST  help:contact                                 ATSQWEXN.
GET   help:contact-sent                            ATSQWEXN.
POST  help:contact-suggest                         ATSQWEXN.
GET   help:feed                                    ATSQWEXN.
GET   help:home                                    ATSQWEXN.
GET   help:language                                ATSQWEXN.
GET   help:search                                  ATSQWEXN.
GET   help:sitemap                                 ATSQWEXN.
GET   help:sitemap-part                            ATSQWEXN.
GET   help:suggest                                 ATSQWEXN.
GET   help:topic                                   ATSQWEXN.
GET   help:topic-feed                              ATSQWEXN.
POST  help:vote                                    ATSQWEXN.   helpful=yes
GET   home                                         ATSQWEXN
GET   kb:article                                   ATSQWEX
GET   kb:article-choices                           ATSQX
GET   kb:article-edit                              ATSQX
POST  kb:article-edit                              ATSQX
POST  kb:article-links                             ATSQX
GET   kb:article-new                               ATSQX
POST  kb:article-new                               ATSQX
POST  kb:article-preview                           ATSQX
GET   kb:article-publish                           TSX
POST  kb:article-publish                           TSX
POST  kb:article-revert                            TSX        version=1
POST  kb:article-save                              ATSQX
GET   kb:article-settings                          ATSQX
POST  kb:article-settings                          ATSQX
POST  kb:article-step                              ATSQX      step=reviewed
POST  kb:article-translate                         ATSQX      language=ja
GET   kb:article-versions                          ATSQWEX
GET   kb:articles                                  ATSQWEX
POST  kb:articles-bulk                             ATSQX
GET   kb:articles-export                           ATSQWEX
GET   kb:articles-import                           TSX
POST  kb:articles-import                           TSX
GET   kb:broken-links                              ATSQWEX
GET   kb:image                                     ATSQWEXN.
POST  kb:image-upload                              ATSQX
GET   kb:duties                                    ATSQWEX
POST  kb:duty                                      TSX
POST  kb:duty-owner                                SX
POST  kb:flag-decide                               TSX
GET   kb:flags                                     ATSQWEX
POST  kb:flags                                     ATSQX
GET   kb:gap                                       TSWEX
POST  kb:gap-decide                                TSX        verb=take
GET   kb:work                                      TSWEX
POST  kb:work-compute                              TSX
POST  kb:work-decide                               TSX        verb=dismiss
GET   kb:question                                  TSX
POST  kb:question                                  TSX
POST  kb:question-active                           TSX
GET   kb:question-new                              TSX
POST  kb:question-new                              TSX
GET   kb:questions                                 ATSQWEX
GET   kb:search                                    ATSQWEX
GET   kb:synonym                                   TSX
POST  kb:synonym                                   TSX
GET   kb:synonym-delete                            TSX
POST  kb:synonym-delete                            TSX
GET   kb:synonym-new                               TSX
POST  kb:synonym-new                               TSX
GET   kb:synonyms                                  ATSQWEX
POST  kb:topic                                     SX         verb=up
POST  kb:topic-new                                 SX         name=Invoices
GET   kb:topics                                    ATSQWEX
GET   kb:translations                              ATSQWEX
GET   metrics:catalogue                            ATSQWEX
GET   qa:agent                                     ATSQX
GET   qa:calibration                               TSQX
POST  qa:calibration-decide                        SQX
GET   qa:calibration-draft                         SQX
POST  qa:calibration-draft                         SQX
POST  qa:calibration-gold                          SX
GET   qa:calibration-minutes                       TSQX
GET   qa:calibration-minutes-file                  TSQX
GET   qa:calibration-new                           SQX
POST  qa:calibration-new                           SQX
POST  qa:calibration-step                          SQX        step=close
GET   qa:calibrations                              TSQX
GET   qa:home                                      ATSQWEX
GET   qa:inbox                                     TSQX
POST  qa:inbox                                     TSQX
POST  qa:item-start                                TSQX
GET   qa:review-new                                TSQX
POST  qa:review-new                                TSQX
POST  qa:review-next                               TSQX
GET   qa:score                                     TSQX
POST  qa:scoring-pins                              TSQX
POST  qa:scoring-save                              TSQX
POST  qa:scoring-skip                              TSQX
GET   qa:scoring-state                             TSQX
POST  qa:scoring-submit                            TSQX
POST  qa:calibration-item-start                   -
GET   qa:dispute                                   ATSQX
POST  qa:dispute                                   -
POST  qa:dispute-preview                           -
POST  qa:dispute-withdraw                          ATSQX
GET   qa:disputes                                  SQX
GET   qa:me                                        ATSQX
GET   qa:overview                                  TSQWEX
GET   qa:reliability                               SQX
POST  qa:reliability-certify                       SX         scorecard=1 reviewer=1
POST  qa:reliability-compute                       SX         scorecard=1
POST  qa:reliability-unclear                       SQX        scorecard=1 criterion=tone
POST  qa:reliability-withdraw                      SX         scorecard=1 certificate=1
GET   qa:review                                    ATSQX
POST  qa:review                                    ATSQX
GET   qa:review-dispute                            ATSQX
POST  qa:review-dispute                            ATSQX
POST  qa:review-release                            ATSQX
POST  qa:review-take-back                          ATSQX
GET   qa:review-void                               SX
POST  qa:review-void                               SX
GET   qa:reviews                                   ATSQX
POST  qa:reviews-release                           TSQX
GET   qa:rubric-change                             SX
POST  qa:rubric-change                             SX
GET   qa:sampling-coverage                         TSQX
GET   qa:sampling-draw                             TSQX
GET   qa:sampling-plan                             TSQX
GET   qa:sampling-precision                        TSQX
GET   qa:sampling-preview                          SX
POST  qa:sampling-preview                          SX
POST  qa:sampling-reassign                         SX
GET   qa:sampling-replace                          TSQX
POST  qa:sampling-replace                          TSQX
GET   qa:sampling-replacements                     SX
GET   qa:scorecard                                 ATSQWEX
GET   qa:scorecard-archive                         SX
POST  qa:scorecard-archive                         SX
POST  qa:scorecard-check                           SX
GET   qa:scorecard-compare                         ATSQWEX    from=1 to=2
GET   qa:scorecard-describe                        SX
POST  qa:scorecard-describe                        SX
GET   qa:scorecard-draft                           SX
POST  qa:scorecard-draft                           SX
POST  qa:scorecard-draft-discard                   SX
POST  qa:scorecard-draft-start                     SX
GET   qa:scorecard-new                             SX
POST  qa:scorecard-new                             SX
GET   qa:scorecard-publish                         SX
POST  qa:scorecard-publish                         SX
GET   qa:scorecard-version                         ATSQWEX
GET   robots                                       ATSQWEXN.
GET   sla:calendar                                 ATSQWEX
POST  sla:calendar                                 SX
POST  sla:calendar-check                           ATSQWEX
POST  sla:calendar-delete                          SX
GET   sla:calendar-new                             SX
POST  sla:calendar-new                             SX
GET   sla:calendar-publish                         SX
POST  sla:calendar-publish                         SX
GET   sla:compliance                               TSWEX
GET   sla:policy                                   ATSQWEX
POST  sla:policy-check                             SX
GET   sla:policy-compare                           ATSQWEX    from=1 to=2
GET   sla:policy-draft                             SX
POST  sla:policy-draft                             SX
POST  sla:policy-draft-discard                     SX
POST  sla:policy-draft-start                       SX
GET   sla:policy-new                               SX
POST  sla:policy-new                               SX
GET   sla:policy-order                             SX
POST  sla:policy-order                             SX
GET   sla:policy-publish                           SX
POST  sla:policy-publish                           SX
GET   sla:policy-rename                            SX
POST  sla:policy-rename                            SX
GET   sla:policy-retire                            SX
POST  sla:policy-retire                            SX
GET   sla:policy-revert                            SX
POST  sla:policy-revert                            SX
GET   sla:policy-version                           ATSQWEX
GET   sla:promises                                 TSWEX
GET   sla:public-sla                               ATSQWEXN.
GET   sla:public-sla-tier                          ATSQWEXN.
"""

# The API, each caller with a token of all scopes.
API = """
GET   api-calendar-detail          ATSQWEX
GET   api-calendar-list            ATSQWEX
GET   api-calibration-detail       TSQX
GET   api-calibration-list         TSQX
GET   api-capacity-decision-detail       TSWEX
GET   api-capacity-decision-list         TSWEX
GET   api-capacity-event-detail          TSWEX
GET   api-capacity-event-list            TSWEX
POST  api-capacity-event-list            WX
GET   api-capacity-forecast-detail       TSWEX
GET   api-capacity-forecast-intervals    TSWEX
GET   api-capacity-forecast-list         TSWEX
POST  api-capacity-forecast-publish      WX
GET   api-capacity-investigation-detail  TSWEX
GET   api-capacity-investigation-list    TSWEX
GET   api-capacity-planned-staff-detail  TSWEX
GET   api-capacity-planned-staff-list    TSWEX
GET   api-capacity-queue-accuracy        TSWEX
GET   api-capacity-queue-detail          TSWEX
GET   api-capacity-queue-list            TSWEX
GET   api-capacity-queue-requirement     TSWEX
GET   api-capacity-queue-volumes         TSWEX
POST  api-capacity-queue-volumes         WX
GET   api-clock-detail             ATSQWEX
GET   api-clock-list               ATSQWEX
GET   api-draw-detail              TSQX
GET   api-draw-list                TSQX
GET   api-event-detail             ATSQWEX
GET   api-event-list               ATSQWEX
GET   api-kb-article-detail              ATSQWEX
GET   api-kb-article-list                ATSQWEX
POST  api-kb-article-list                ATSQX
POST  api-kb-article-archive             TSX
POST  api-kb-article-publish             TSX
POST  api-kb-article-save                ATSQX
GET   api-kb-flag-detail                 ATSQWEX
GET   api-kb-flag-list                   ATSQWEX
POST  api-kb-flag-list                   ATSQX
GET   api-kb-known-question-detail       ATSQWEX
GET   api-kb-known-question-list         ATSQWEX
POST  api-kb-known-question-list         TSX
GET   api-kb-search-list                 ATSQWEX
GET   api-kb-synonym-detail              ATSQWEX
GET   api-kb-synonym-list                ATSQWEX
POST  api-kb-synonym-list                TSX
POST  api-kb-synonym-save                TSX
GET   api-kb-topic-detail                ATSQWEX
GET   api-kb-topic-list                  ATSQWEX
GET   api-kb-version-detail              ATSQWEX
GET   api-kb-version-list                ATSQWEX
GET   api-message-detail           ATSQWEX
GET   api-message-list             ATSQWEX
GET   api-metric-detail            ATSQWEX
GET   api-metric-figure            ATSQWEX
GET   api-metric-list              ATSQWEX
GET   api-metric-trend             ATSQWEX
GET   api-policy-detail            ATSQWEX
GET   api-policy-list              ATSQWEX
GET   api-policy-version-detail    ATSQWEX
GET   api-policy-version-list      ATSQWEX
POST  api-review-acknowledge       ATSQX
GET   api-review-detail            ATSQX
POST  api-review-dispute           ATSQX
GET   api-review-list              ATSQX
POST  api-review-release           TSQX
GET   api-sample-item-detail       TSQX
GET   api-sample-item-list         TSQX
GET   api-schema                   ATSQWEXN
GET   api-score-list               TSQWEX
GET   api-scorecard-detail         ATSQWEX
GET   api-scorecard-list           ATSQWEX
GET   api-scorecard-version-detail ATSQWEX
GET   api-scorecard-version-list   ATSQWEX
POST  api-ticket-assign            ATSX
POST  api-ticket-customer-message  ATSX
GET   api-ticket-detail            ATSQWEX
POST  api-ticket-fields            ATSX
POST  api-ticket-level             ATSX
GET   api-ticket-list              ATSQWEX
POST  api-ticket-list              ATSX
POST  api-ticket-merge             TSX
POST  api-ticket-pause             ATSX
POST  api-ticket-priority          TSX
POST  api-ticket-reply             ATSX
POST  api-ticket-resume            ATSX
POST  api-ticket-severity          TSX
POST  api-ticket-status            ATSX
POST  api-ticket-tags              ATSX
POST  api-ticket-team              ATSX
"""

# The same addresses, when the thing belongs to somebody else and to another team.
OF_SOMEBODY_ELSE = """
GET   admin:api_apitoken_ask_to_revoke       X
GET   admin:api_apitoken_change              X
GET   admin:api_apitoken_history             X
GET   admin:api_apitoken_revoke              X
POST  admin:api_apitoken_revoke              X
POST  admin:jobs_job_cancel                  SX
GET   admin:coaching_coachingsession_change    SX
GET   admin:coaching_coachingsession_history   SX
GET   admin:coaching_improvementplan_change    SX
GET   admin:coaching_improvementplan_history   SX
GET   capacity:accuracy-queue                  SWEX
GET   capacity:event                           WX
GET   admin:capacity_forecast_change           SWEX
GET   admin:capacity_forecast_history          SWEX
GET   capacity:forecast                        SWEX
GET   capacity:forecast-csv                    SWEX
GET   capacity:forecast-publish                WX
POST  capacity:forecast-discard                WX
POST  capacity:forecast-method                 WX
GET   capacity:investigation                   SWEX
POST  capacity:investigation-close             SWX
GET   capacity:today-queue                     SWEX
GET   capacity:volumes-queue                   SWEX
GET   capacity:volumes-queue-days              SWEX
GET   capacity:volumes-queue-intervals         SWEX
POST  capacity:volumes-rebuild                 WX
GET   admin:capacity_queue_change              SWEX
GET   admin:capacity_queue_history             SWEX
GET   admin:capacity_queue_simple_history      SWEX
GET   admin:capacity_queue_to_volumes          SWEX
GET   capacity:staffing-answer                 SWEX
GET   capacity:staffing-csv                    SWEX
GET   capacity:staffing-planned                SWEX
GET   capacity:staffing-planned-csv            SWEX
GET   capacity:staffing-queue                  SWEX
GET   admin:capacity_assumptions_change        SWEX
GET   admin:capacity_assumptions_history       SWEX
GET   admin:capacity_plannedstaff_change       SWEX
GET   admin:capacity_plannedstaff_history      SWEX
GET   admin:capacity_event_change              SWEX
GET   admin:capacity_event_history             SWEX
GET   coaching:session                         SX
GET   coaching:session-edit                    SX
GET   coaching:session-print                   SX
POST  coaching:session-hold                    SX
POST  coaching:session-notes                   SX
POST  coaching:goal-decide                     SX
GET   coaching:plan                            SX
GET   coaching:plan-edit                       SX
GET   coaching:plan-print                      SX
POST  coaching:plan-issue                      SX
POST  coaching:plan-sign                       SX
POST  coaching:milestone-decide                SX
GET   admin:capacity_decision_change             SWX
GET   admin:capacity_evidence_change             SWX
GET   capacity:decision                          SWX
GET   capacity:decision-print                    SWX
GET   capacity:decision-version                  SWX
POST  capacity:decision-answer                   SX
POST  capacity:decision-save                     SWX        part=rules
POST  capacity:decision-step                     SWX        step=note
POST  capacity:decision-weigh                    SWX        step=inputs
GET   admin:jobs_job_change                  SX
GET   admin:jobs_job_history                 SX
GET   admin:jobs_job_progress                SX
POST  admin:notifications_notification_open  -
GET   admin:sla_slaclock_change              SQWEX
GET   admin:sla_slaclock_history             SQWEX
GET   admin:tickets_ticket_change            SQWEX
POST  admin:tickets_ticket_change            SX         verb=reply
POST  admin:tickets_ticket_change            SX         verb=assign
POST  admin:tickets_ticket_change            SX         verb=merge
GET   admin:tickets_ticket_history           SQWEX
GET   admin:tickets_triage                   SX
POST  admin:tickets_triage                   SX
GET   qa:agent                               SQX
GET   qa:dispute                             SQX
POST  qa:dispute                             SQX
POST  qa:dispute-preview                     SQX
POST  qa:dispute-withdraw                    SQX
GET   qa:review                              SQX
POST  qa:review                              SQX
GET   qa:review-dispute                      -
POST  qa:review-dispute                      -
POST  qa:review-release                      SQX
POST  qa:review-take-back                    SQX
GET   qa:review-void                         SX
POST  qa:review-void                         SX
GET   admin:qa_dispute_change                SQX
GET   admin:qa_dispute_history               SQX
GET   admin:qa_dispute_to_page               SQX
GET   admin:qa_review_change                 SQX
GET   admin:qa_review_history                SQX
GET   admin:qa_review_to_page                SQX
GET   admin:qa_review_to_void                SX
GET   api-calibration-detail                 SQX
GET   api-capacity-decision-detail           SWX
GET   api-capacity-event-detail              SWEX
GET   api-capacity-forecast-detail           SWEX
GET   api-capacity-forecast-intervals        SWEX
POST  api-capacity-forecast-publish          WX
GET   api-capacity-investigation-detail      SWEX
GET   api-capacity-planned-staff-detail      SWEX
GET   api-capacity-queue-accuracy            SWEX
GET   api-capacity-queue-detail              SWEX
GET   api-capacity-queue-requirement         SWEX
GET   api-capacity-queue-volumes             SWEX
POST  api-capacity-queue-volumes             WX
POST  api-review-acknowledge                 SQX
GET   api-review-detail                      SQX
POST  api-review-dispute                     SQX
POST  api-review-release                     SQX
GET   qa:calibration                         SQX
GET   qa:calibration-minutes                 SQX
GET   qa:calibration-minutes-file            SQX
GET   admin:qa_calibrationsession_change     SQX
GET   qa:score                               -
POST  qa:scoring-save                        -
GET   qa:scoring-state                       -
POST  qa:item-start                          -
GET   qa:sampling-replace                    SX
POST  qa:sampling-replace                    SX
GET   api-clock-detail                       SQWEX
GET   api-event-detail                       SQWEX
GET   api-message-detail                     SQWEX
POST  api-ticket-assign                      SX
POST  api-ticket-customer-message            SX
GET   api-ticket-detail                      SQWEX
POST  api-ticket-fields                      SX
POST  api-ticket-level                       SX
POST  api-ticket-merge                       SX
POST  api-ticket-pause                       SX
POST  api-ticket-priority                    SX
POST  api-ticket-reply                       SX
POST  api-ticket-resume                      SX
POST  api-ticket-severity                    SX
POST  api-ticket-status                      SX
POST  api-ticket-tags                        SX
POST  api-ticket-team                        SX
"""


@dataclass(frozen=True)
class Row:
    """One call: method, name of the address, who is let in, and the form it sends."""

    method: str
    name: str
    allowed: str
    form: tuple[str, ...] = ()
    is_foreign: bool = False

    def __str__(self) -> str:
        words = (self.method, self.name, *self.form)
        return " ".join((*words, "of somebody else") if self.is_foreign else words)


def lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.splitlines() if line.strip()]


def rows_of(table: str, *, is_foreign: bool = False) -> list[Row]:
    return [
        Row(method, name, allowed.replace("-", ""), tuple(form), is_foreign)
        for method, name, allowed, *form in lines(table)
    ]


def rows_of_models() -> Iterator[Row]:
    calls = {
        "list": ("GET", "changelist"),
        "add": ("GET", "add"),
        "see": ("GET", "change"),
        "save": ("POST", "change"),
        "delete": ("GET", "delete"),
        "history": ("GET", "history"),
    }
    (_model, *columns), *models = lines(MODELS)
    for model, *cells in models:
        for column, allowed in zip(columns, cells, strict=True):
            method, page = calls[column]
            name = f"admin:{model}_{page}"
            yield Row(method, name, allowed.replace("-", ""))


ROWS = [
    *rows_of_models(),
    *rows_of(PAGES),
    *rows_of(API),
    *rows_of(OF_SOMEBODY_ELSE, is_foreign=True),
]


def addresses(resolver: Any, namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the parameters of each address that has a name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        elif entry.name:
            yield f"{namespace}{entry.name}", list(entry.pattern.regex.groupindex)


PARAMETERS = dict(reversed(list(addresses(get_resolver()))))
HOME, SIGN_IN = reverse("admin:index"), reverse("admin:login")


def test_every_address_has_a_row():
    assert {row.name for row in ROWS} == set(PARAMETERS)


def test_no_call_is_judged_twice():
    calls = [str(row) for row in ROWS]
    assert len(calls) == len(set(calls))


def address(row: Row, portal: Portal) -> str:
    if row.name.endswith("_simple_history"):
        return reverse(row.name, args=portal.history_arguments(row.name))
    arguments = portal.address_arguments(row.name, PARAMETERS[row.name])
    return reverse(row.name, kwargs=arguments)


ENDS_AT_HOME = {"home", "admin:index", "admin:login"}
REFUSALS = {401, 403, 404, 405}
ANSWERS = {200, 201, 302, 400, 409, 422} | REFUSALS


class Caller:
    """One person's browser and program, which forgets each call after its answer.

    One client serves all calls: a new one would load every middleware again.
    """

    def __init__(self, person: Any, token: dict[str, str]) -> None:
        self.browser, self.program = Client(), Client(headers=token)
        if person is not None:
            self.browser.force_login(person)
        self.cookies = {name: each.value for name, each in self.browser.cookies.items()}
        # Home sends those who are not signed in on.
        self.known_ends = {SIGN_IN} if person is None else {HOME, SIGN_IN}

    def is_let_in(self, row: Row, portal: Portal) -> bool:
        """Make the call, take back what it wrote, and tell whether it was let in."""
        self.browser.cookies.clear()
        self.browser.cookies.load(self.cookies)
        form = dict(pair.split("=", 1) for pair in row.form)
        with transaction.atomic():
            path = address(row, portal)
            if row.name.startswith("api-"):
                response, ends_at = self._asked(row, path, form), path
            else:
                response, ends_at = self._ended(row, path, form)
            transaction.set_rollback(True)
        if response.streaming:
            # Read to the end, as a browser does: that closes the file behind a download.
            b"".join(response.streaming_content)
        return is_page(row, response, ends_at)

    def _asked(self, row: Row, path: str, form: dict[str, str]) -> HttpResponse:
        if row.method == "GET":
            return self.program.get(path, form)
        return self.program.post(path, form, content_type="application/json")

    def _ended(
        self, row: Row, path: str, form: dict[str, str]
    ) -> tuple[HttpResponse, str]:
        """Return the last answer, and the address that it is of or leads to.

        That it leads home or to signing in tells enough: both have rows of their own,
        and home is the largest page of all.
        """
        call = self.browser.get if row.method == "GET" else self.browser.post
        response, ends_at = call(path, form), path
        while response.status_code in {301, 302}:
            ends_at = urljoin(ends_at, response["Location"])
            if urlsplit(ends_at).path in self.known_ends:
                break
            response = self.browser.get(ends_at)
        return response, urlsplit(ends_at).path


def is_page(row: Row, response: HttpResponse, ends_at: str) -> bool:
    """Tell a page, or a complaint about what was sent, from a refusal."""
    assert response.status_code in ANSWERS, (row, response.status_code)
    if ends_at == SIGN_IN:
        return row.name in {"admin:login", "admin:logout"}
    if ends_at == HOME:
        # The admin sends people home from what they cannot see.
        return row.name in ENDS_AT_HOME
    return response.status_code not in REFUSALS


@pytest.fixture
def _without_navigation(settings):
    """Leave out what every page repeats: it lets nobody in, and takes a third of the time.

    One group stays: without any, Unfold lists all models.
    """
    navigation = [{"title": "", "items": []}]
    settings.UNFOLD = {
        **settings.UNFOLD,
        "SIDEBAR": {"navigation": navigation},
        "TABS": [],
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("_without_navigation")
@pytest.mark.parametrize("letter", PEOPLE)
def test_people_are_let_in_where_the_table_says_so(letter, tmp_path):
    cache.clear()
    write_vocabulary()
    person = UserFactory(role=PEOPLE[letter])
    own, foreign = Portal(person, tmp_path), Portal(UserFactory(), tmp_path)
    write_alert(own)
    token = {} if letter == "." else {"Authorization": f"Bearer {own.secret}"}
    caller = Caller(None if letter == "." else person, token)

    wrong = [
        (str(row), letter in row.allowed)
        for row in ROWS
        if caller.is_let_in(row, foreign if row.is_foreign else own)
        != (letter in row.allowed)
    ]

    assert wrong == []
